"""Called as `check.py input answer feedback/ < output`; says 42 for right and 43 for wrong."""

import sys
from pathlib import Path

RIGHT, WRONG = 42, 43


def judge(postage: int, possible: bool, words: list[str]) -> str:
    """What is wrong, if anything."""
    if words == ["impossible"]:
        return "There is a way to pay." if possible else ""
    if len(words) != 2 or not all(word.isdecimal() and len(word) < 9 for word in words):
        return "Two numbers were expected, or `impossible`."
    fives, eights = map(int, words)
    if 5 * fives + 8 * eights != postage:
        return f"{fives} x 5 + {eights} x 8 is {5 * fives + 8 * eights}."
    assert possible, "the answer of the jury is wrong"
    return ""


given, answer, feedback = map(Path, sys.argv[1:4])
output = sys.stdin.buffer.read(1000).decode("ascii", "replace")
wrong = judge(int(given.read_text()), answer.read_text().split() == ["possible"], output.split())
(feedback / "teammessage.txt").write_text(wrong)
(feedback / "judgemessage.txt").write_text(f"The output begins with {output[:100]!r}.")
sys.exit(WRONG if wrong else RIGHT)
