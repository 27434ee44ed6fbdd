"""Interrupts, ends and kills process 1."""

import contextlib
import os
import signal

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGSTOP, signal.SIGKILL):
    with contextlib.suppress(OSError):
        os.kill(1, number)
print("still here")
