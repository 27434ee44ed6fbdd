"""Talks without an end and never listens."""

import os
import signal

signal.signal(signal.SIGPIPE, signal.SIG_IGN)
while True:
    os.write(1, b"9" * 65536)
