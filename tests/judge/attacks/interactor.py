"""Thinks of a number and says which way to go; a guess is a line. Exit codes are Kattis': 42 and 43."""

import sys
from pathlib import Path

ACCEPT, REJECT = 42, 43
secret = int(Path(sys.argv[1]).read_text())
for _ in range(20):
    line = sys.stdin.readline(100)
    if len(line) > 10 or not line.strip().isdigit():
        sys.exit(REJECT)
    guess = int(line)
    try:
        print("right" if guess == secret else "more" if guess < secret else "less", flush=True)
    except BrokenPipeError:
        sys.exit(REJECT)
    if guess == secret:
        sys.exit(ACCEPT)
sys.exit(REJECT)
