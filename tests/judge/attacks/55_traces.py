"""Leaves a word for its next run wherever one may write, and tells what the last one left."""

import os
from pathlib import Path

PLACES = (
    "/dev/shm",
    "/tmp",
    "/var/tmp",
    "/run",
    "/dev/mqueue",
    "/box",
    "/src",
    "/out",
    "/dev",
    "/",
)
for place in PLACES:
    path = Path(place) / "codetrack-attack-word"
    if path.exists():
        print("left in", place, path.read_text())
    try:
        path.write_text("a word")
    except OSError as error:
        print(place, error, file=os.sys.stderr)  # type: ignore[attr-defined]
print("end")
