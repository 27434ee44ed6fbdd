"""Looks for secrets in what other processes, and it itself, were started with."""

import contextlib
import os
from pathlib import Path

EXPECTED = {
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "PWD",
    "TMPDIR",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHASHSEED",
}
for process in filter(str.isdigit, os.listdir("/proc")):
    for kind in ("environ", "cmdline", "maps", "mountinfo"):
        with contextlib.suppress(OSError):
            words = (
                (Path("/proc") / process / kind).read_bytes().decode(errors="replace").split("\0")
            )
            print("\n".join(words) if "canary" in "".join(words) else "", end="")
            if kind == "environ":
                for name in sorted({word.partition("=")[0] for word in words if word} - EXPECTED):
                    print(process, name)
print("end")
