"""What a checker says by its exit code, its stderr and the files in its feedback folder."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path

from codetrack.judge.checkers.checked import ACCEPTED, SHOWN_OF_MANY, Checked, scored, shown
from codetrack.judge.checkers.options import Options
from codetrack.judge.errors import BadProblem, Fault
from codetrack.judge.values import KIB, CheckerSpec, Output, Result, Verdict

MOST = 64 * KIB
FOLDER = "/out/"  # where a program finds its feedback folder; the slash belongs to it
ACCEPT, REJECT = 42, 43
POINTS = 7
TESTLIB = {
    0: ACCEPTED,
    1: Checked(Verdict.WA),
    2: Checked(Verdict.PE),  # also where the output ends too early
    4: Checked(Verdict.PE),  # dirt: something more after a right output
    8: Checked(Verdict.PE),  # it ends too early, where testlib is told to tell that apart
}
AWARDED = re.compile(rb"\s*points\s+(\S+)\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Style:
    """How programs of one style are called, and what their answers mean."""

    said: Callable[[Result, Path, float], Checked | None]
    """From a run, its feedback folder and what counts as all points; nothing from a crash."""
    full: float = 1.0

    def read(self, result: Result, folder: Path) -> Checked | None:
        """What the program says; None where it crashed. Raises Fault where that makes no sense."""
        ended = result.verdict in (Verdict.OK, Verdict.RE) and result.exit_code is not None
        return self.said(result, folder, self.full) if ended else None


def style(spec: CheckerSpec) -> Style:
    """The style a problem names. Raises BadProblem."""
    if spec.style not in STYLES:
        raise BadProblem(f"There is no style “{spec.style}”. Choose one of {', '.join(STYLES)}.")
    full = Options(spec.kind, spec.options, ("full_points",)).number("full_points", 1.0)
    if not full:
        raise BadProblem("The option “full_points” is 0. Use what a perfect output gets.")
    return replace(STYLES[spec.style], full=full)


def kattis(result: Result, folder: Path, full: float) -> Checked | None:
    """42 and 43; points as a share in score_multiplier.txt, or as they are in score.txt."""
    if result.exit_code not in (ACCEPT, REJECT):
        return None
    message, judge_message = (
        words(read(folder, name) or b"") for name in ("teammessage.txt", "judgemessage.txt")
    )
    if result.exit_code == REJECT:
        return Checked(Verdict.WA, 0.0, message, judge_message)
    if read(folder, "nextpass.in") is not None:
        raise Fault("The checker asks for one more pass, and there is only one here.")
    points, share = read(folder, "score.txt"), read(folder, "score_multiplier.txt")
    if points is not None and share is not None:
        raise Fault("The checker left both score.txt and score_multiplier.txt.")
    if points is not None:
        return scored(fraction(points, full), message, judge_message)
    return scored(1.0 if share is None else fraction(share, 1.0), message, judge_message)


def testlib(result: Result, _folder: Path, full: float) -> Checked | None:
    """Its own exit codes. Its words are for the author: they quote what was expected.

    Points (code 7) are a share of 1, as `quitp(0.5)` gives, unless the option full_points says
    otherwise; testlib itself leaves their scale to the judge.
    """
    said = result.stderr.read(MOST)
    if result.exit_code == POINTS:
        if (found := AWARDED.match(said)) is None:
            raise Fault(f"The checker gave points, but did not say how many. {words(said)}")
        return scored(fraction(found[1], full), "", words(found[2]))
    known = TESTLIB.get(result.exit_code or 0)
    return known and replace(known, judge_message=words(said))


STYLES = {"kattis": Style(kattis), "testlib": Style(testlib)}


def fraction(text: bytes, full: float) -> float:
    """Points as a share of all. Raises Fault when they are no number, or too many."""
    try:
        points = float(text)
    except ValueError:
        points = -1.0
    if isfinite(points) and 0 <= points <= full:
        return points / full
    raise Fault(f"The checker gave {shown(text.strip())} points, which is not from 0 to {full:g}.")


def read(folder: Path, name: str) -> bytes | None:
    """The beginning of a file in a folder that a program has filled; None when there is none."""
    with_file = opened(folder, name)
    return None if with_file is None else with_file.read(MOST)


def opened(folder: Path, name: str) -> Output | None:
    """A regular file and nothing else: no link, no pipe. Raises Fault for those."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        fd = os.open(folder / name, flags)
    except FileNotFoundError:
        return None
    except OSError as error:
        code = errno.errorcode.get(error.errno or 0, "an error")
        raise Fault(f"The checker left a {name} that cannot be read ({code}).") from error
    file = Output(fd)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        raise Fault(f"The checker left a {name} that is not a regular file.")
    return file


def words(said: bytes) -> str:
    """A message of a checker, fit to be shown."""
    return shown(said.strip(), SHOWN_OF_MANY, keep="\n\t")


def crash(who: str, result: Result) -> str:
    """What there is to know about a program of the problem that failed."""
    how = result.message or f"It ended with exit code {result.exit_code}."
    said = words(result.stderr.read(MOST))
    return f"The {who} failed. {how} {said}".strip()
