"""`codetrack judge run`: judge one submission here and now, or all that a problem's jury has."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import msgspec

from codetrack.judge import checkers, languages, problems
from codetrack.judge.client import Judge
from codetrack.judge.errors import JudgeError, UnknownLanguage
from codetrack.judge.jury import Jury
from codetrack.judge.reading import Extensions, language_of
from codetrack.judge.values import (
    MIB,
    CheckerSpec,
    Data,
    Group,
    Judgement,
    Limits,
    Problem,
    Submission,
    Test,
    TestResult,
    Verdict,
)

WELL, NOT_WELL = 0, 1
STANDARD_INPUT = "-"


class BadUse(JudgeError):
    """The command cannot be understood; the text says why, and what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Exit code 0: accepted, or run well where there was no answer to compare with; "
        "1: any other verdict; 2: nothing was judged, and why is said."
    )
    add = parser.add_argument
    add(
        "source", nargs="*", help="source files, the main one first; with --problem, none: its jury"
    )
    add("--language", metavar="ID", help="like cpp20; without it, the file's extension says it")
    add("--input", action="append", default=[], metavar="FILE", help="- is the standard input")
    add("--answer", action="append", default=[], metavar="FILE", help="what is expected of it")
    add("--problem", type=Path, metavar="FOLDER", help="judge against a problem, not files")
    add("--checker", choices=sorted(checkers.KINDS), help="how to compare; token without it")
    add("--time", type=float, metavar="SECONDS", help="of the processor, for each test")
    add("--memory", type=float, metavar="MIB", help="for each test")
    add("--json", action="store_true", help="print all there is to say, as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Judge, and print the verdict. Raises JudgeError where nothing could be judged."""
    extensions = {key: known.extensions for key, known in languages.load().items()}
    jury: tuple[Jury, ...] = ()
    if arguments.problem is None:
        problem = pairs(arguments.input, arguments.answer, arguments.checker or "token")
    elif arguments.input or arguments.answer or arguments.checker:
        raise BadUse("--problem brings its own tests and checker. Leave out the others.")
    else:
        folder = problems.load(arguments.problem, extensions)
        problem, jury = folder.problem, folder.jury
    problem = limited(problem, arguments)
    submission = _submission(arguments, extensions) if arguments.source else None
    if submission is None and not jury:
        raise BadUse("There is nothing to judge. Name a source file.")
    with Judge() as judge:
        if submission is None:
            return everyone(judge, problem, jury, as_json=arguments.json)
        return one(judge, problem, submission, as_json=arguments.json)


def one(judge: Judge, problem: Problem, submission: Submission, *, as_json: bool) -> int:
    judgement = judge.judge(problem, submission, Progress(problem))
    if as_json:
        _print(msgspec.json.encode(judgement).decode())
    else:
        if judgement.verdict is Verdict.CE:
            sys.stderr.write(judgement.compiler.rstrip() + "\n")
        _print(line(judgement))
    return WELL if judgement.verdict in (Verdict.AC, Verdict.OK) else NOT_WELL


def everyone(judge: Judge, problem: Problem, jury: tuple[Jury, ...], *, as_json: bool) -> int:
    """Whether each submission of the jury gets what is expected of it."""
    told: list[dict[str, object]] = []
    for submitted in jury:
        try:
            judgement = judge.judge(problem, submitted.submission)
            differs = submitted.expected.differs(judgement)
        except UnknownLanguage as error:
            judgement, differs = Judgement(verdict=Verdict.IE, judge_message=str(error)), str(error)
        told.append({"name": submitted.name, "differs": differs, "judgement": judgement})
        if not as_json:
            _print(
                f"{'ok ' if not differs else 'NOT'}  {submitted.name}  {differs or line(judgement)}"
            )
    right = [not entry["differs"] for entry in told]
    if as_json:
        _print(msgspec.json.encode({"jury": told}).decode())
    else:
        _print(f"{sum(right)} of {len(right)} as expected.")
    return WELL if all(right) else NOT_WELL


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def line(told: Judgement | TestResult) -> str:
    """Verdict, points, time, memory and a word why, like `AC  0.02 s CPU  9.1 MiB`."""
    parts = [f"{told.verdict} (idle)" if told.idle else str(told.verdict)]
    if isinstance(told, Judgement) and told.of:
        parts.append(f"{told.points:g} of {told.of:g} points")
    if told.memory:
        parts.append(f"{told.cpu:.2f} s CPU")
        parts.append(f"{told.memory / MIB:.1f} MiB")
    why = told.judge_message if told.verdict is Verdict.IE else told.message
    return "  ".join([*parts, *why.split("\n")[:1]]).rstrip()


class Progress:
    """A line after each test, where somebody is looking."""

    def __init__(self, problem: Problem) -> None:
        self._count, self._done = sum(len(group.tests) for group in problem.groups), 0

    def __call__(self, test: TestResult) -> None:
        self._done += 1
        if self._count > 1 and sys.stderr.isatty():
            told = f"test {self._done} of {self._count}  {test.name}  {line(test)}\n"
            sys.stderr.write(told)


def limited(problem: Problem, arguments: argparse.Namespace) -> Problem:
    """With the limits that are asked for instead of its own."""
    limits: Limits = problem.limits
    if arguments.time is not None:
        limits = replace(limits, cpu=_within("--time", arguments.time, 0.01, 600))
    if arguments.memory is not None:
        memory = _within("--memory", arguments.memory, 1, 1 << 20)
        limits = replace(limits, memory=int(MIB * memory))
    return replace(problem, limits=limits)


def _within(option: str, value: float, least: float, most: float) -> float:
    if not least <= value <= most:
        raise BadUse(f"{option} is {value:g}. Give a number from {least:g} to {most:g}.")
    return value


def pairs(inputs: list[str], answers: list[str], checker: str) -> Problem:
    """A problem of inputs and, if there are any, their answers in the same order."""
    given = inputs or [""]
    if answers and len(answers) != len(given):
        raise BadUse(
            f"{len(inputs)} --input and {len(answers)} --answer do not pair. "
            "Give an answer to each input, or to none."
        )
    read = {name: _data(name) for name in {*given, *answers}}
    expected = [read[name] for name in answers] if answers else [None] * len(given)
    tests = tuple(
        Test(name=name or "no input", input=read[name], answer=answer, shown=True)
        for name, answer in zip(given, expected, strict=True)
    )
    group = Group(name="tests", tests=tests, run_all=True)
    return Problem(groups=(group,), checker=CheckerSpec(kind=checker))


def _data(name: str) -> Data:
    if name == STANDARD_INPUT:
        return Data(sys.stdin.buffer.read())
    return Data(_content(name) if name else b"")


def _submission(arguments: argparse.Namespace, extensions: Extensions) -> Submission:
    language = arguments.language or language_of(arguments.source[0], extensions)
    files = {Path(name).name: _content(name) for name in arguments.source}
    if len(files) < len(arguments.source):
        raise BadUse("Two source files have the same name. Rename one.")
    return Submission(language, files)


def _content(name: str) -> bytes:
    if not name.isprintable():
        raise BadUse(f"{name!r} has letters that cannot be shown. Rename it.")
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise BadUse(f"{name} cannot be read: {error.strerror}. Mend its name.") from error
