"""Called as `reader.py input answer feedback/`, and talks with the program by its own output."""

import sys
from pathlib import Path

RIGHT, WRONG = 42, 43
GUESSES = 10


def play(page: int) -> str:
    """What went wrong, if anything."""
    for _ in range(GUESSES):
        word = sys.stdin.readline(100).strip()
        if not (word.isascii() and word.isdecimal() and 1 <= int(word) <= 1000):
            return "A page from 1 to 1000 was expected." if word else "No guess came."
        guess = int(word)
        answer = "found" if guess == page else "later" if guess < page else "earlier"
        print(answer, flush=True)
        if answer == "found":
            return ""
    return f"Page {page} was not found with {GUESSES} guesses."


wrong = play(int(Path(sys.argv[1]).read_text()))
(Path(sys.argv[3]) / "judgemessage.txt").write_text(wrong)
sys.exit(WRONG if wrong else RIGHT)
