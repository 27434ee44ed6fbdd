"""Fills /tmp with long files, tells how many MiB it took, to the next power of two, and stays."""

import contextlib
import time

taken = 0
with contextlib.suppress(OSError):
    for number in range(200):
        with open(f"/tmp/{number}", "wb", buffering=0) as file:
            taken += file.write(bytes(2**20))
time.sleep(0.3)
print(1 << (taken // 2**20 - 1).bit_length())
