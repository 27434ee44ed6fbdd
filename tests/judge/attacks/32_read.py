"""Reads what is not meant for it: the paths of its input, and everywhere else a machine keeps things.

It prints what it could read, and nothing but "end" where there was none.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

FIXED = (
    "/etc/shadow", "/etc/hostname", "/etc/hosts", "/etc/machine-id", "/etc/ssh/ssh_host_rsa_key",
    "/root/.bashrc", "/root/.ssh/id_rsa", "/var/log/syslog", "/proc/kcore", "/proc/kmsg", "/dev/mem",
    "/run/secrets", "/var/run/docker.sock", "/.dockerenv", "/sys/kernel/security/lsm",
)  # fmt: skip
ROOTS = (
    "",
    "/proc/1/root",
    "/proc/1/cwd/..",
    "/proc/self/root",
    "/proc/self/cwd/../../..",
    "/tmp/../..",
)


def places() -> Iterator[str]:
    """Every path worth a try."""
    asked = [line.strip() for line in sys.stdin]
    for path in (*asked, *FIXED):
        for root in ROOTS:
            yield root + path
    for process in filter(str.isdigit, os.listdir("/proc") if Path("/proc").is_dir() else ()):
        for number in range(3, 64):
            if process != str(os.getpid()):
                yield f"/proc/{process}/fd/{number}"


def found(path: str) -> str:
    """The beginning of a file, or the names in a folder."""
    if Path(path).is_dir():
        return " ".join(os.listdir(path)[:20])
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        return os.read(file, 200).decode(errors="replace")
    finally:
        os.close(file)


for place in places():
    try:
        if text := found(place):
            print(place, text)
    except OSError as error:
        print(place, error, file=sys.stderr)
for number in range(3, 64):
    try:
        print("inherited", number, os.readlink(f"/proc/self/fd/{number}"), os.read(number, 200))
    except OSError:
        continue
print("end")
