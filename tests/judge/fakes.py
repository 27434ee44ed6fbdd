"""A sandbox that runs nothing: it remembers what it was asked and answers what it was told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from codetrack.judge.sandbox import Conversation
from codetrack.judge.values import Data, Limits, Output, Result, Spec, Verdict, in_memory

NOTHING = Data(b"")


def ran(
    *, code: int | None = 0, signal: int | None = None, err: bytes = b"", **more: Any
) -> Result:
    """What came of a run that ended by itself, unless `more` says otherwise."""
    well = code == 0 and signal is None
    return Result(
        **{"verdict": Verdict.OK if well else Verdict.RE, "wall": 0.1, "cpu": 0.01, **more},
        exit_code=None if signal else code,
        signal=signal,
        stdout=Output(in_memory(b"")),
        stderr=Output(in_memory(err)),
    )


class FakeProgram:
    """A compiled program that is never run."""

    def spec(
        self,
        *,
        limits: Limits,
        stdin: Data = NOTHING,
        arguments: tuple[str, ...] = (),
        files: Mapping[str, Data] | None = None,
    ) -> Spec:
        argv = ("/box/a", *arguments)
        return Spec(argv=argv, limits=limits, stdin=stdin, files=files or {})


class FakeSandbox:
    """`leaves` are the files it puts into a program's folder."""

    def __init__(
        self, folder: Path, answer: Result | Conversation, leaves: Mapping[str, bytes] | None = None
    ) -> None:
        self._folder = folder
        self._answer = answer
        self._leaves = leaves or {}
        self.specs: list[Spec] = []

    @contextmanager
    def folder(self, name: str) -> Iterator[Path]:
        """The same every time, so that a test can look into it."""
        yield self._folder

    def run(self, work: Spec) -> Result:
        assert isinstance(self._answer, Result)
        self._record(work)
        return self._answer

    def converse(self, program: Spec, interactor: Spec) -> Conversation:
        assert isinstance(self._answer, Conversation)
        self.specs.append(program)
        self._record(interactor)
        return self._answer

    def _record(self, spec: Spec) -> None:
        self.specs.append(spec)
        assert spec.out == self._folder
        for name, content in self._leaves.items():
            (self._folder / name).write_bytes(content)
