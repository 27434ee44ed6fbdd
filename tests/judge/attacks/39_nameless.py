"""Fills files that are open and have no name."""

import os

files = []
for number in range(200):
    files.append(os.open(f"/out/{number}", os.O_CREAT | os.O_WRONLY))
    os.unlink(f"/out/{number}")
while True:
    for file in files:
        os.write(file, bytes(2**18))
