#!/usr/bin/env python
"""The Django commands people know: migrate, createsuperuser, runserver, test."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OURS = HERE / ".venv" / "bin" / "python"


def main() -> int:
    """Use the environment that `make` made, unless one is active, and the club of `make up`."""
    if sys.prefix == sys.base_prefix and OURS.exists():
        os.execv(OURS, [str(OURS), *sys.argv])
    if sys.version_info < (3, 12):
        print(f"CodeTrack needs Python 3.12 or newer; this is {sys.version.split()[0]}.")
        return 2
    os.environ.setdefault("CODETRACK_DATA", str(HERE / "var" / "up"))
    sys.path.insert(0, str(HERE / "src"))
    from codetrack.config.cli import manage

    return manage(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
