"""Fills /tmp with long files, and tells how many MiB it took, to the next power of two."""

taken = 0
try:
    for number in range(200):
        with open(f"/tmp/{number}", "wb", buffering=0) as file:
            taken += file.write(bytes(2**20))
except OSError:
    pass
print(1 << (taken // 2**20 - 1).bit_length())
