"""512 MiB in pieces of one, every byte of it written; its address space is not limited."""

kept = []
for number in range(512):
    kept.append(bytes([number % 255 + 1]) * 2**20)
print(len(kept))
