"""Calls itself without an end."""


def deeper(depth: int) -> int:
    """One more."""
    return deeper(depth + 1) + 1


print(deeper(0))
