"""The right answer, a null character, and more."""

print("small\0and more")
