"""`codetrack judge …`: try the judge out, run it, attack it. Needs no club and no database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from codetrack.judge import attacks, doctor, run
from codetrack.judge.errors import JudgeError

BAD_USE = 2
COMMANDS = {
    "doctor": (doctor, "Try out whether code can be run safely here, and say how to mend it."),
    "run": (run, "Judge a program with inputs and answers, or against a problem's folder."),
    "attack": (attacks, "Run the whole catalogue of attacks against the sandbox, and report."),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code; 2 when it could not begin."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except JudgeError as error:
        print(f"codetrack judge: {error}", file=sys.stderr)
        return BAD_USE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="codetrack judge", description="Runs untrusted code, safely, on this machine."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (module, told) in COMMANDS.items():
        command = commands.add_parser(name, help=told, description=told)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser
