"""Fills /dev/shm, and tells whether it took more than two MiB."""

import os

taken = 0
try:
    with open("/dev/shm/bomb", "wb", buffering=0) as file:
        while taken < 2**26:
            taken += file.write(bytes(2**16))
except OSError as error:
    print(os.strerror(error.errno or 0), file=os.sys.stderr)  # type: ignore[attr-defined]
print("small" if taken <= 2 * 2**20 else taken)
