"""Leaves a folder that one may write to and not look into, and fills it."""

import os

os.mkdir("/out/closed", 0o300)
for number in range(100_000):
    with open(f"/out/closed/{number}", "wb") as file:
        file.write(bytes(2**20))
