"""Asks for 8 GiB in one call, to be there at once."""

import mmap

MAP_NORESERVE = 0x4000
flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE | MAP_NORESERVE
print(len(mmap.mmap(-1, 2**33, flags)))
