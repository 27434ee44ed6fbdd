"""Complains for ever."""

import sys

while True:
    sys.stderr.write("wrong " * 10_000)
