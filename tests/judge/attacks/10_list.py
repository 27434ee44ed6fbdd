"""A million numbers, each an object of its own."""

print(len([number * 1000 for number in range(1_000_000)]))
