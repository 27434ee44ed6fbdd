"""Memory of six children, a part each; none of them has too much."""

import mmap
import os
import time

for _ in range(6):
    if os.fork() == 0:
        part = mmap.mmap(-1, 2**25, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        for place in range(0, 2**25, 4096):
            part[place] = 1
        time.sleep(10)
time.sleep(10)
