"""A judge with a hole: real sandboxes, made by the real arguments but for what a test changes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field

from codetrack.judge.sandbox import bwrap, seccomp
from codetrack.judge.values import Output, Result, Spec, Verdict, in_memory

NOBODY = 61_500  # no user of this machine


def unchanged(arguments: list[str]) -> list[str]:
    return arguments


@dataclass
class Leaky:
    """`change` has the arguments of bubblewrap; without `filtered` no call is denied."""

    change: Callable[[list[str]], list[str]] = unchanged
    filtered: bool = True
    as_root: bool = False
    env: dict[str, str] = field(default_factory=dict)
    handed: tuple[int, ...] = ()

    def run(self, spec: Spec) -> Result:
        stdin, stdout, stderr = spec.stdin.open(), in_memory(b""), in_memory(b"")
        rules = in_memory(seccomp.program(spec.profile))
        os.lseek(rules, 0, os.SEEK_SET)
        os.lseek(stdin, 0, os.SEEK_SET)
        changed = self.change(bwrap.arguments(spec, files={}))
        changed += ["--seccomp", str(rules)] if self.filtered else []
        arguments = in_memory("\0".join([*changed, ""]).encode())
        os.lseek(arguments, 0, os.SEEK_SET)
        user = NOBODY if os.geteuid() == 0 and not self.as_root else None
        ended = subprocess.run(
            [bwrap.find().path, "--args", str(arguments), "--", *spec.argv],
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            env=self.env,
            pass_fds=[rules, arguments, *self.handed],
            timeout=20,
            check=False,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
        for fd in (stdin, rules, arguments):
            os.close(fd)
        return Result(
            verdict=Verdict.RE if ended.returncode else Verdict.OK,
            exit_code=ended.returncode,
            stdout=Output(stdout),
            stderr=Output(stderr),
        )


def without(*names: str) -> Callable[[list[str]], list[str]]:
    """All arguments but these flags, which have no values."""
    return lambda arguments: [argument for argument in arguments if argument not in names]


def then(*more: str) -> Callable[[list[str]], list[str]]:
    """All arguments, and more after them."""
    return lambda arguments: [*arguments, *more]
