"""A problem's own checker: a program of its author, in a sandbox like any other."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from codetrack.judge.checkers.checked import Checked
from codetrack.judge.checkers.feedback import FOLDER, crash, style
from codetrack.judge.errors import Fault
from codetrack.judge.values import MIB, CheckerSpec, Data, Limits, Output, Result, Spec, Test

INPUT, OUTPUT, ANSWER = "/data/input", "/data/output", "/data/answer"
LIMITS = Limits(cpu=10, wall=30, memory=512 * MIB)  # of a checker, whatever the program's are


class Runs(Protocol):
    """What is needed of a sandbox."""

    def run(self, work: Spec, /) -> Result: ...

    def folder(self, name: str, /) -> AbstractContextManager[Path]: ...


class Program(Protocol):
    """What is needed of a compiled checker."""

    def spec(
        self,
        *,
        limits: Limits,
        stdin: Data = ...,
        arguments: tuple[str, ...] = ...,
        files: Mapping[str, Data] | None = ...,
    ) -> Spec: ...


class Custom:
    """One compiled checker. Raises BadProblem when its style or options are not known.

    Style kattis: `prog input answer feedback_dir/ [arguments] < output`, exit 42 or 43. Style
    testlib: `prog input output answer [arguments]`, exit 0, 1, 2, 4, 7 or 8. All else is a Fault.
    """

    def __init__(self, sandbox: Runs, program: Program, spec: CheckerSpec) -> None:
        self._sandbox, self._program = sandbox, program
        self._style, self._spec = style(spec), spec

    def check(self, test: Test, output: Output) -> Checked:
        """What it says of this output. Raises Fault when it fails: nobody's answer is wrong."""
        with self._sandbox.folder("feedback") as folder:
            result = self._sandbox.run(replace(self._call(test, output), out=folder))
            said = self._style.read(result, folder)
        if said is None:
            raise Fault(crash("checker", result))
        return said

    def _call(self, test: Test, output: Output) -> Spec:
        own = (*self._spec.arguments, *test.arguments)
        files = {INPUT: test.input, ANSWER: test.answer or Data(b"")}
        if self._spec.style == "kattis":
            return self._program.spec(
                limits=LIMITS,
                stdin=output.data(),
                arguments=(INPUT, ANSWER, FOLDER, *own),
                files=files,
            )
        return self._program.spec(
            limits=LIMITS,
            arguments=(INPUT, OUTPUT, ANSWER, *own),
            files={**files, OUTPUT: output.data()},
        )
