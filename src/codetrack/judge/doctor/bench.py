"""What every probe has in hand: the program that makes calls, and a judge that runs it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, Self

from codetrack.judge.doctor.caller import Answers, Script, executable
from codetrack.judge.sandbox import folders
from codetrack.judge.values import MIB, Data, Limits, Profile, Result, Spec

AT_FDCWD = -100
FIRST_FREE = 3  # the descriptor that the first file opened gets
REPORT = (
    "Install your distribution's updates of bubblewrap and the kernel. If it stays so, report it"
    " as SECURITY.md says, and run the judge on another machine."
)
LIMITS = Limits(cpu=1, wall=5, memory=64 * MIB, output=MIB, processes=8, tmp=MIB)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One thing that has to hold; `seen` says what was found, `remedy` what to do if not `ok`."""

    name: str
    ok: bool
    seen: str
    remedy: str = ""


def probe(name: str, *, wrong: str, fine: str, remedy: str = REPORT) -> Probe:
    """It holds if nothing is wrong."""
    if wrong:
        return Probe(name=name, ok=False, seen=wrong, remedy=remedy)
    return Probe(name=name, ok=True, seen=fine)


class Runner(Protocol):
    """What the probes need of a judge."""

    def run(self, spec: Spec) -> Result:
        """Raises JudgeError."""
        ...


class Bench:
    """Runs scripts. Its folders are open to every user, as the judge's is nobody we know."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="codetrack-doctor-", dir=folders.base()))
        self.box, self.out = self.folder / "box", self.folder / "out"
        self.box.mkdir()
        self.out.mkdir()
        program = self.box / "probe"
        program.write_bytes(executable())
        for path in (self.folder, self.box, program):
            path.chmod(0o755)
        self.out.chmod(0o777)
        return self

    def __exit__(self, *error: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, script: Script, limits: Limits) -> Result:
        """Run it as a submission that may fork, and that says nothing at its end. Raises
        JudgeError."""
        return self._runner.run(self._spec(script, limits, tell=False))

    def look(self, script: Script) -> tuple[Result, Answers | None]:
        """Run it as one that may not, with a folder to write to. Raises JudgeError."""
        spec = self._spec(script, LIMITS, tell=True)
        result = self._runner.run(replace(spec, profile=Profile.RUN_ALONE, out=self.out))
        return result, script.answers(result.stdout.read())

    def _spec(self, script: Script, limits: Limits, *, tell: bool) -> Spec:
        data = Data(content=script.table(tell=tell))
        return Spec(argv=("/box/probe",), stdin=data, limits=limits, box=self.box)
