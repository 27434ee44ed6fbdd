"""`codetrack judge run`: one submission judged here and now, by a verdict line or as JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from codetrack.judge import checkers, languages, problems
from codetrack.judge.client import Judge
from codetrack.judge.errors import JudgeError
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
    add("source", nargs="+", help="source files, the main one first")
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
    problem = limited(_problem(arguments, extensions), arguments.time, arguments.memory)
    submission = _submission(arguments, extensions)
    count = sum(len(group.tests) for group in problem.groups)
    with Judge() as judge:
        judgement = judge.judge(problem, submission, Progress(count))
    if arguments.json:
        sys.stdout.write(msgspec.json.encode(judgement).decode() + "\n")
    else:
        if judgement.verdict is Verdict.CE:
            sys.stderr.write(judgement.compiler.rstrip() + "\n")
        sys.stdout.write(line(judgement) + "\n")
    return WELL if judgement.verdict in (Verdict.AC, Verdict.OK) else NOT_WELL


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

    def __init__(self, count: int) -> None:
        self._count, self._done = count, 0

    def __call__(self, test: TestResult) -> None:
        self._done += 1
        if self._count > 1 and sys.stderr.isatty():
            told = f"test {self._done} of {self._count}  {test.name}  {line(test)}\n"
            sys.stderr.write(told)


def limited(problem: Problem, time: float | None, memory: float | None) -> Problem:
    """With other limits than its own."""
    limits: Limits = problem.limits
    if time is not None:
        limits = replace(limits, cpu=_within("--time", time, 0.01, 600))
    if memory is not None:
        limits = replace(limits, memory=int(MIB * _within("--memory", memory, 1, 1 << 20)))
    return replace(problem, limits=limits)


def _within(option: str, value: float, least: float, most: float) -> float:
    if not least <= value <= most:
        raise BadUse(f"{option} is {value:g}. Give a number from {least:g} to {most:g}.")
    return value


def _problem(arguments: argparse.Namespace, extensions: problems.Extensions) -> Problem:
    if arguments.problem is None:
        return pairs(arguments.input, arguments.answer, arguments.checker or "token")
    if arguments.input or arguments.answer or arguments.checker:
        raise BadUse("--problem brings its own tests and checker. Leave out the others.")
    return problems.load(arguments.problem, extensions).problem


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


def _submission(
    arguments: argparse.Namespace, extensions: Mapping[str, tuple[str, ...]]
) -> Submission:
    language = arguments.language or problems.language_of(arguments.source[0], extensions)
    files = {Path(name).name: _content(name) for name in arguments.source}
    if len(files) < len(arguments.source):
        raise BadUse("Two source files have the same name. Rename one.")
    return Submission(language, files)


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise BadUse(f"{name} cannot be read: {error.strerror}. Mend its name.") from error
