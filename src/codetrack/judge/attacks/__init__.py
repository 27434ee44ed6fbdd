"""`codetrack judge attack`: the catalogue of attacks, run against the judge of this machine."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import msgspec

from codetrack.judge.attacks.catalogue import Catalogue, Row, Try
from codetrack.judge.attacks.host import Host
from codetrack.judge.attacks.page import page
from codetrack.judge.attacks.runner import Attacked, Got, Report, attack, run_all
from codetrack.judge.client import Judge
from codetrack.judge.languages.table import MORE
from codetrack.judge.values import MIB

__all__ = [
    "Attacked",
    "Catalogue",
    "Got",
    "Host",
    "Report",
    "Row",
    "Try",
    "add_arguments",
    "attack",
    "page",
    "run",
    "run_all",
    "use_languages",
]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Of `codetrack judge attack`."""
    parser.add_argument(
        "--only", type=_numbers, metavar="15,16", help="these rows; all 60 without it"
    )
    parser.add_argument(
        "--report", type=_writable, metavar="PAGE.HTML", help="write a page of what was tried"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def _numbers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of numbers like 15,16") from error


def _writable(text: str) -> Path:
    """Said before a minute of work, not after it."""
    try:
        Path(text).touch()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{text} cannot be written: {error.strerror}") from error
    return Path(text)


def run(arguments: argparse.Namespace) -> int:
    """0 only if all were contained. Raises Refused when no code is run here."""
    use_languages()
    with Judge() as judge:
        told = (lambda row: None) if arguments.json else _say
        report = run_all(judge, arguments.only, on_row=told)
    if arguments.report:
        arguments.report.write_text(page(report))
    if arguments.json:
        print(msgspec.json.format(msgspec.json.encode(report)).decode())
    else:
        print(report.summary)
    return 0 if report.contained else 1


def use_languages() -> None:
    """Workers that start from now on know the languages of the catalogue."""
    os.environ[MORE] = str(Catalogue().languages)


def _say(row: Attacked) -> None:
    state = "contained" if row.contained else "NOT CONTAINED"
    verdicts = ", ".join(got.verdict or "–" for got in row.tries if not got.skipped) or "not tried"
    cpu = max(got.cpu for got in row.tries)
    memory = max(got.memory for got in row.tries) / MIB
    print(f"{row.number:2}  {state:13}  {row.title}: {verdicts} ({cpu:.2f} s, {memory:.0f} MiB)")
    for line in _complaints(row):
        print(f"      {line}")
    sys.stdout.flush()


def _complaints(row: Attacked) -> list[str]:
    told = [f"{got.program}: {problem}" for got in row.tries for problem in got.problems]
    told += [f"{got.program}: not tried. {got.skipped}" for got in row.tries if got.skipped]
    told += [f"left: process {process}" for process in row.left]
    return told + [f"on this machine {change}" for change in row.changes]
