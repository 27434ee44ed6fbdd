"""Waits to be spoken to first, and so does the other."""

input()
