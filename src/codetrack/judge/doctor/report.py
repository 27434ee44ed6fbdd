"""`codetrack judge doctor`: what the self-test found, for people or as JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from textwrap import indent

import msgspec

from codetrack.judge.doctor.examination import Diagnosis, Level, diagnose

REFUSED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Examine this machine. Returns 0 where code may be run, else 1."""
    diagnosis = diagnose()
    if arguments.json:
        told = msgspec.json.format(msgspec.json.encode(diagnosis)).decode()
    else:
        told = "\n".join(lines(diagnosis))
    sys.stdout.write(told + "\n")
    return REFUSED if diagnosis.level is Level.X else 0


def lines(diagnosis: Diagnosis) -> Iterator[str]:
    """The report for people."""
    yield ", ".join(f"{name} {value}" for name, value in diagnosis.machine.items())
    yield ""
    for probe in diagnosis.probes:
        yield f"{'ok  ' if probe.ok else 'FAIL'}  {probe.name:<32} {probe.seen}"
        if not probe.ok:
            yield indent(probe.remedy, "      ")
    yield ""
    yield f"Level {diagnosis.level}: {diagnosis.told}."
    if diagnosis.languages:
        yield ""
    for language in diagnosis.languages:
        said = language.version if language.usable else language.why
        yield f"{'ok  ' if language.usable else '--  '}  {language.name:<32} {said}"
