"""The checkers that come with the judge: an output beside the expected one, as bytes.

Bytes are never decoded to compare: a NUL or a broken character is a byte like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from codetrack.judge.checkers.checked import ACCEPTED, Checked, shown
from codetrack.judge.checkers.options import KATTIS, Options, kattis_flags
from codetrack.judge.checkers.tokens import (
    NEWLINE,
    Differ,
    difference,
    first_byte,
    locate,
    pieces,
    place,
    spaces,
    unlike,
)
from codetrack.judge.checkers.tolerance import Tolerance
from codetrack.judge.errors import BadProblem
from codetrack.judge.values import CheckerSpec, Verdict

type Compare = Callable[[bytes, bytes], Checked]
"""Of an output and the answer of the test."""

CLOSE = 1e-6  # where a problem asks for floats and does not say how close


def native(spec: CheckerSpec) -> Compare:
    """The comparison that a problem asks for. Raises BadProblem for a kind or option unknown."""
    if spec.kind not in KINDS:
        raise BadProblem(f"There is no checker “{spec.kind}”. Choose one of {', '.join(KINDS)}.")
    if spec.arguments and spec.kind != "kattis":
        raise BadProblem(f"The checker “{spec.kind}” takes no arguments. Give it options instead.")
    return KINDS[spec.kind](spec)


@dataclass(frozen=True, slots=True)
class ByWords:
    """Word by word. `fold`: ASCII letters are the same in both cases; `strict`: so is no space."""

    differ: Differ = unlike
    fold: bool = False
    strict: bool = False

    def __call__(self, output: bytes, answer: bytes) -> Checked:
        if output == answer:
            return ACCEPTED
        index = difference(output, answer, self.differ, fold=self.fold)
        if index is not None:
            return wrong(output, answer, index)
        if not self.strict:
            return ACCEPTED
        same_length = self.differ is unlike
        return same_spaces(output, answer, bytes.lower if same_length else spaces)


def wrong(output: bytes, answer: bytes, index: int) -> Checked:
    """WA at the word of this index, which one of the two may lack."""
    found, due = locate(output, index), locate(answer, index)
    if found is None:
        end = f"The output ends after {index} tokens." if index else "There is no output."
        rest = f"{end} Next comes {shown(due[1])}." if due else end
        return Checked(Verdict.WA, 0.0, f"{end} More was expected.", rest)
    what = f"{place(output, found[0])}: {shown(found[1])}"
    if due is None:
        message = f"{what} where the output should have ended."
        return Checked(Verdict.WA, 0.0, message, message)
    expected = f"{what} where {shown(due[1])} was expected."
    return Checked(Verdict.WA, 0.0, f"{what} is not what was expected.", expected)


def same_spaces(output: bytes, answer: bytes, marked: Callable[[bytes], bytes]) -> Checked:
    """PE where the white space between equal words differs."""
    mine, theirs = marked(output), marked(answer)
    if mine == theirs:
        return ACCEPTED
    line = mine.count(b"\n", 0, first_byte(mine, theirs)) + 1
    message = f"Right but for the white space: line {line} is not laid out as expected."
    return Checked(Verdict.PE, 0.0, message, message)


def unordered(output: bytes, answer: bytes) -> Checked:
    """Lines in any order, each as often; white space at their ends and blank lines do not count."""
    if output == answer:
        return ACCEPTED
    due = Counter[bytes]()
    for _, expected in numbered(answer):
        due.update(expected)
    del due[b""]
    for first, found in numbered(output):
        if (index := take(due, found)) is not None:
            return unexpected(first + index, found[index], again=found[index] in due)
    lacking = next((line for line, count in due.items() if count), None)
    if lacking is None:
        return ACCEPTED
    text = "Lines are missing from the output."
    return Checked(Verdict.WA, 0.0, text, f"{text} One of them: {shown(lacking)}")


def take(due: Counter[bytes], found: list[bytes]) -> int | None:
    """Takes these lines off what is due; the index of the first that is not, or no longer."""
    counts: dict[bytes, int] = due  # without what a Counter does for keys that are not there
    left = counts.get
    for index, line in enumerate(found):
        if count := left(line):
            counts[line] = count - 1
        elif line:
            return index
    return None


def numbered(data: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Its lines without the white space at their ends, in pieces, each with its first number."""
    number = 1
    for piece in pieces(data, NEWLINE):
        yield number, [line.rstrip() for line in piece.split(b"\n")]
        number += piece.count(b"\n")


def unexpected(number: int, line: bytes, *, again: bool) -> Checked:
    why = "is there more often than expected" if again else "is not among what was expected"
    message = f"Line {number} {why}: {shown(line)}"
    return Checked(Verdict.WA, 0.0, message, message)


def exact(spec: CheckerSpec) -> Compare:
    Options(spec.kind, spec.options, ())
    return ByWords(strict=True)


def token(spec: CheckerSpec) -> Compare:
    Options(spec.kind, spec.options, ())
    return ByWords()


def nocase(spec: CheckerSpec) -> Compare:
    Options(spec.kind, spec.options, ())
    return ByWords(fold=True)


def lines(spec: CheckerSpec) -> Compare:
    Options(spec.kind, spec.options, ())
    return unordered


def close(spec: CheckerSpec) -> Compare:
    """What is not said of the two tolerances is 0; both are 1e-6 where neither is said."""
    options = Options(spec.kind, spec.options, ("absolute", "relative"))
    default = 0.0 if spec.options else CLOSE
    tolerance = Tolerance(
        options.number("absolute", default), options.number("relative", default, most=1.0)
    )
    return ByWords(tolerance.differ)


def kattis(spec: CheckerSpec) -> Compare:
    """The default validator of that format; its words ignore case unless told otherwise."""
    options = Options(spec.kind, {**spec.options, **kattis_flags(spec.arguments)}, KATTIS)
    both = options.number("float_tolerance", 0.0)
    tolerance = Tolerance(
        options.number("float_absolute_tolerance", both),
        options.number("float_relative_tolerance", both),
    )
    differ = tolerance.differ if any("float" in name for name in options.given) else unlike
    fold, strict = not options.flag("case_sensitive"), options.flag("space_change_sensitive")
    return ByWords(differ, fold, strict)


KINDS: dict[str, Callable[[CheckerSpec], Compare]] = {
    "exact": exact,
    "token": token,
    "float": close,
    "unordered": lines,
    "nocase": nocase,
    "kattis": kattis,
}
