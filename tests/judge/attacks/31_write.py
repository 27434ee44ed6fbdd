"""Sets what the kernel offers to be set under /proc and /sys, and takes the limits off itself."""

import contextlib
import os
import resource
from pathlib import Path

VALUES = {
    "sys/kernel/hostname": "taken",
    "sys/kernel/core_pattern": "|/tmp/taken",
    "sys/kernel/ns_last_pid": "1",
    "sys/vm/overcommit_memory": "1",
    "sys/vm/drop_caches": "3",
    "sys/fs/file-max": "10",
    "sys/user/max_user_namespaces": "1000",
    "sysrq-trigger": "h",
    "self/oom_score_adj": "-1000",
    "self/uid_map": "0 0 1",
    "self/gid_map": "0 0 1",
    "self/setgroups": "allow",
    "1/oom_score_adj": "-1000",
    "self/attr/current": "unconfined",
    "../sys/power/state": "mem",
    "../sys/kernel/mm/transparent_hugepage/enabled": "always",
}
for name, value in VALUES.items():
    path = Path("/proc") / name
    with contextlib.suppress(OSError):
        path.write_text(value)
        print(name, "was set")
for kind in (
    "AS",
    "CPU",
    "DATA",
    "FSIZE",
    "MEMLOCK",
    "NOFILE",
    "NPROC",
    "STACK",
    "CORE",
    "MSGQUEUE",
    "RTPRIO",
):
    number = getattr(resource, f"RLIMIT_{kind}")
    now = resource.getrlimit(number)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(number, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        if now != resource.getrlimit(number):
            print("no limit of", kind)
for urgent in (
    lambda: os.nice(-20),
    lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
):
    with contextlib.suppress(OSError):
        urgent()
        print("more urgent than others")
print("end")
