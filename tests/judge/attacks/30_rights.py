"""What rights it has, after it has tried to become root by the programs that can."""

import contextlib
import os
import subprocess
from pathlib import Path

for tool in (
    ("su", "-c", "id"),
    ("sudo", "-n", "id"),
    ("newgrp", "root"),
    ("mount", "/tmp", "/mnt"),
):
    with contextlib.suppress(OSError):
        subprocess.run(tool, stdin=subprocess.DEVNULL, capture_output=True, check=False)
for change in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0])):
    with contextlib.suppress(OSError):
        change()
status = dict(
    line.split(":\t", 1)
    for line in Path("/proc/self/status").read_text().splitlines()
    if ":\t" in line
)
print(os.getuid() == 0, status["NoNewPrivs"], status["Seccomp"], status["CapEff"], status["CapPrm"])
