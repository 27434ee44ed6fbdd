"""A thousand million numbers in one array."""

from array import array

print(len(array("q", [0]) * 1_000_000_000))
