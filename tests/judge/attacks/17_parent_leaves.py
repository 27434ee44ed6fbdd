"""Starts workers and is gone at once, without a word."""

import os

for _ in range(4):
    if os.fork() == 0:
        while True:
            pass
