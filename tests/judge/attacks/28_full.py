"""Writes to the device that is always full."""

from pathlib import Path

Path("/dev/full").write_text("x" * 10_000)
