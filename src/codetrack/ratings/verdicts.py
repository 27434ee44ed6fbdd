"""How a verdict looks on a page: word, tone and icon; never the colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from codetrack.platforms.base import Verdict

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy


@dataclass(frozen=True)
class Look:
    word: str | Lazy
    tone: str
    icon: str


OTHER = Look(_("Not accepted"), "bad", "x")
LOOKS = {
    Verdict.ACCEPTED: Look(_("Accepted"), "good", "check"),
    Verdict.PARTIAL: Look(_("Partly right"), "warn", "gauge"),
    Verdict.WRONG_ANSWER: Look(_("Wrong answer"), "bad", "x"),
    Verdict.TIME_LIMIT: Look(_("Time limit"), "warn", "clock"),
    Verdict.MEMORY_LIMIT: Look(_("Memory limit"), "warn", "board"),
    Verdict.RUNTIME_ERROR: Look(_("Runtime error"), "bad", "alert"),
    Verdict.COMPILE_ERROR: Look(_("Compile error"), "warn", "code"),
    Verdict.PRESENTATION_ERROR: Look(_("Wrong format"), "bad", "list"),
    Verdict.SKIPPED: Look(_("Skipped"), "", "right"),
    Verdict.PENDING: Look(_("Being judged"), "live", "spin"),
}


def look(verdict: str) -> Look:
    """Of a `platforms.base.Verdict` as it is stored."""
    return LOOKS.get(Verdict(verdict), OTHER)
