#!/usr/bin/env python
"""The Django commands people know: migrate, createsuperuser, runserver, test."""

import sys

from codetrack.config.cli import manage

if __name__ == "__main__":
    sys.exit(manage(sys.argv))
