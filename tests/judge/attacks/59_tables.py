"""Reads one byte in 2 MiB of much memory that it never writes to.

No page of it is its own, but the kernel keeps a page of notes for each of them.
"""

import mmap

SIZE, MAP_NORESERVE = 2**42, 0x4000
area = mmap.mmap(-1, SIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_NORESERVE)
for place in range(0, SIZE, 2**21):
    area[place]
print("all of it")
