"""The judge with control groups of its own: in user-mode Linux, a kernel that runs as a program.

The machines we test on delegate no control group; this kernel has version 2 with all controllers.
It sees this machine's files read-only. Debian's package is `user-mode-linux`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

KERNEL = shutil.which("linux.uml")
SECONDS = 8 * 60
OPTIONS = [
    *("root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", "loglevel=0", "mem=1200M"),
    *("con=null", "con0=fd:0,fd:1"),
]
INIT = """#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t cgroup2 none /sys/fs/cgroup
mount -t tmpfs -o size=600m none /tmp
mkdir /sys/fs/cgroup/club
echo "+memory +pids" > /sys/fs/cgroup/cgroup.subtree_control
echo $$ > /sys/fs/cgroup/club/cgroup.procs
export PYTHONDONTWRITEBYTECODE=1
{python} -m codetrack.config.cli judge doctor --json
find /sys/fs/cgroup/club -name 'run-*'
halt -f
"""

pytestmark = [
    pytest.mark.soak,
    pytest.mark.timeout(SECONDS + 60),
    pytest.mark.skipif(KERNEL is None, reason="user-mode Linux is not here"),
]


def test_doctor_holds_at_level_a(tmp_path: Path) -> None:
    init = tmp_path / "init"
    init.write_text(INIT.format(python=sys.executable))
    init.chmod(0o755)
    said = subprocess.run(
        [str(KERNEL), *OPTIONS, f"init={init}"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=SECONDS,
        check=False,
    ).stdout
    assert "{" in said, said
    told, _ = json.JSONDecoder().raw_decode(said[said.index("{") :].replace("\r", ""))
    assert told["level"] == "A"
    assert [probe for probe in told["probes"] if not probe["ok"]] == []
    assert any(state["id"] == "python3" and state["usable"] for state in told["languages"])
    assert "/run-" not in said, "a run has left its group"
