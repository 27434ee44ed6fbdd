"""A checker that fills the folder for its messages, and rejects."""

import contextlib
import os
import sys
from pathlib import Path

feedback = Path(sys.argv[3])
with contextlib.suppress(OSError):
    os.symlink("/etc/passwd", feedback / "teammessage.txt")
    os.mkfifo(feedback / "judgemessage.txt")
sys.exit(43)
