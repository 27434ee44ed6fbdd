"""Takes room for files ahead of writing them, which no disk needs time for."""

import contextlib
import os

number = 0
while True:
    number += 1
    with contextlib.suppress(OSError):
        os.posix_fallocate(os.open(f"/out/{number}", os.O_CREAT | os.O_WRONLY), 0, 2**26 - 5)
