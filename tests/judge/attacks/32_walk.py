"""What there is besides the system's programs: the top of the tree, and every mounted folder."""

import os
from pathlib import Path

KNOWN = {
    "bin",
    "box",
    "dev",
    "etc",
    "lib",
    "lib32",
    "lib64",
    "libx32",
    "proc",
    "sbin",
    "src",
    "tmp",
    "usr",
}
SETTINGS = {"alternatives", "ld.so.cache"}
WRITABLE = {"/tmp", "/dev/shm"}

for name in sorted(set(os.listdir("/")) - KNOWN):
    print("/" + name)
for name in sorted(set(os.listdir("/etc")) - SETTINGS if Path("/etc").is_dir() else ()):
    print("/etc/" + name)
for line in Path("/proc/self/mountinfo").read_text().splitlines():
    place, options = line.split()[4:6]
    if (
        "rw" in options.split(",")
        and place not in WRITABLE
        and not place.startswith(("/proc", "/dev/"))
    ):
        print(place, "is writable")
for who in filter(str.isdigit, os.listdir("/proc")):
    if int(who) > 50:
        print("process", who)
print("end")
