"""What a checker says, and how bytes are shown in its words."""

from __future__ import annotations

from dataclasses import dataclass

from codetrack.judge.values import Verdict

SHOWN, SHOWN_OF_MANY = 80, 4000  # characters of one token, of a checker's own message


@dataclass(frozen=True, slots=True)
class Checked:
    """AC, WA, PE or PARTIAL, with a score from 0 to 1.

    The member sees `message`: where, and what they printed themselves. What was expected is said
    in `judge_message` alone, or somebody would read the answers one by one.
    """

    verdict: Verdict
    score: float = 0.0
    message: str = ""
    judge_message: str = ""


ACCEPTED = Checked(Verdict.AC, 1.0)


def scored(score: float, message: str = "", judge_message: str = "") -> Checked:
    """All of it is AC, nothing of it WA, and between the two PARTIAL."""
    verdict = Verdict.AC if score >= 1 else Verdict.PARTIAL if score > 0 else Verdict.WA
    return Checked(verdict, score, message, judge_message)


def shown(data: bytes, limit: int = SHOWN, *, keep: str = "") -> str:
    """Bytes for people: what cannot be printed is escaped (but `keep`), and the rest cut off."""
    escaped = "".join(
        char if char in keep or char.isprintable() else repr(char)[1:-1]
        for char in data[: 4 * limit].decode(errors="backslashreplace")
    )
    return escaped[:limit] + "…" if len(escaped) > limit or len(data) > 4 * limit else escaped
