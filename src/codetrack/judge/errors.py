"""What can go wrong with the judge itself; what a program does wrong is a verdict, not an error."""

from __future__ import annotations


class JudgeError(Exception):
    """The judge could not do its work: nobody's submission is to blame."""


class Refused(JudgeError):
    """No code is run here. `reason` says why in one sentence, `remedy` what to do about it."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(f"{reason} {remedy}".strip())
        self.reason = reason
        self.remedy = remedy


class Fault(JudgeError):
    """A sandbox, a checker or the worker failed: the verdict is IE, and another try may help."""


class BadProblem(JudgeError):
    """A problem's folder or table is not as the format says; the text names the place."""


class UnknownLanguage(JudgeError):
    """There is no usable language of this name on this machine."""
