"""Answers as it should."""

print("small")
