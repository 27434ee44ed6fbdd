"""Runs the catalogue against a judge, and says of each row whether it was contained."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import msgspec

from codetrack.judge.attacks.catalogue import Catalogue, Helper, Row, Try
from codetrack.judge.attacks.host import Host, State, Worker
from codetrack.judge.errors import JudgeError, UnknownLanguage
from codetrack.judge.values import (
    MIB,
    CheckerSpec,
    Data,
    Group,
    Judgement,
    Problem,
    Submission,
    Test,
    TestResult,
    Verdict,
)

LONG_NAME = "N" * 300
LARGE_INPUT = 32 * MIB


class Judges(Protocol):
    """What is needed of `client.Judge`."""

    @property
    def pid(self) -> int | None: ...

    def ready(self) -> Worker: ...

    def judge(self, problem: Problem, submission: Submission, /) -> Judgement: ...


class Got(msgspec.Struct, kw_only=True):
    """What came of a try. Seconds and bytes; `problems` are why it is not contained."""

    program: str
    language: str
    expected: tuple[Verdict, ...]
    why: str
    verdict: Verdict | None = None
    idle: bool = False
    message: str = ""
    cpu: float = 0.0
    wall: float = 0.0
    memory: int = 0
    took: float = 0.0  # all of it, with compiling
    problems: list[str] = []
    skipped: str = ""  # why it could not be tried here


class Attacked(msgspec.Struct):
    """What came of a row."""

    number: int
    title: str
    source: str
    tries: list[Got]
    left: list[str]  # processes
    changes: list[str]  # of this machine

    @property
    def contained(self) -> bool:
        tried = [got for got in self.tries if not got.skipped]
        well = not any(got.problems for got in tried)
        return bool(tried) and well and not self.left and not self.changes


class Report(msgspec.Struct):
    """What came of all."""

    rows: list[Attacked]
    machine: str
    level: str
    bubblewrap: str
    began: float  # seconds since 1970
    took: float = 0.0

    @property
    def contained(self) -> bool:
        return bool(self.rows) and all(row.contained for row in self.rows)

    @property
    def summary(self) -> str:
        """One line for people, the same words every time."""
        held = sum(row.contained for row in self.rows)
        left = sum(len(row.left) for row in self.rows)
        changed = any(row.changes for row in self.rows)
        files = "host files CHANGED" if changed else "host files unchanged"
        return f"{held} of {len(self.rows)} contained, {left} processes left, {files}"


def run_all(
    judge: Judges,
    numbers: Iterable[int] | None = None,
    *,
    on_row: Callable[[Attacked], None] = lambda row: None,
    catalogue: Catalogue | None = None,
) -> Report:
    """Try every row, or those of these `numbers`. Best with a judge that has not started yet.

    Raises Refused when no code is run here, BadProblem for a number that there is not.
    """
    began = time.monotonic()
    catalogue = catalogue or Catalogue()
    rows = catalogue.chosen(numbers)
    with Host() as host:
        ready = judge.ready()
        host.meet(ready)
        report = Report(
            rows=[],
            machine=f"{platform.system()} {platform.release()}, {platform.machine()}",
            level=getattr(ready, "level", ""),
            bubblewrap=getattr(ready, "bubblewrap", ""),
            began=time.time(),
        )
        for row in rows:
            report.rows.append(attack(judge, row, host, catalogue))
            on_row(report.rows[-1])
    report.took = time.monotonic() - began
    return report


def attack(judge: Judges, row: Row, host: Host, catalogue: Catalogue) -> Attacked:
    """Try one row, with the machine watched before and after."""
    tries: list[Got] = []
    changes: list[str] = []
    for attempt in row.tries:
        bench = _Bench(judge, attempt, host, catalogue)
        before = bench.set_up()
        tries.append(bench.tried())
        changes += host.changes(before)
    return Attacked(row.number, row.title, row.source, tries, host.left(judge.pid), changes)


class _Bench:
    """One try."""

    def __init__(self, judge: Judges, attempt: Try, host: Host, catalogue: Catalogue) -> None:
        self._judge, self._try, self._host, self._catalogue = judge, attempt, host, catalogue

    def set_up(self) -> State:
        """Lay out its input and answer, as files that are watched with the others."""
        attempt, folder = self._try, self._host.folder
        given = attempt.input or ("x" * LARGE_INPUT if attempt.ballast else "")
        (folder / "test.in").write_bytes(self._filled(given).encode() + b"\n")
        (folder / "test.ans").write_bytes((attempt.answer or "").encode())
        link = folder / "link.in"  # as tests of a package may be links
        if not link.is_symlink():
            link.symlink_to("test.in")
        return self._host.state()

    def tried(self) -> Got:
        attempt = self._try
        got = Got(
            program=attempt.program,
            language=attempt.language,
            expected=attempt.expect,
            why=attempt.why,
        )
        if attempt.machine not in {"", platform.machine()}:
            got.skipped = f"It is for {attempt.machine}."
            return got
        began = time.monotonic()
        ballast = bytearray(b"x") * (attempt.ballast * MIB)
        try:
            for turn in range(attempt.runs):
                self._once(got, turn)
        except UnknownLanguage as error:
            got.skipped = str(error)
        except JudgeError as error:
            got.problems.append(f"the judge failed: {error}")
        got.took = time.monotonic() - began
        del ballast
        return got

    def _once(self, got: Got, turn: int) -> None:
        worker = self._judge.pid
        judgement = self._judge.judge(self._problem(turn), self._submission(turn))
        got.verdict, got.idle = judgement.verdict, judgement.idle
        got.message = judgement.message
        got.cpu = max(got.cpu, judgement.cpu)
        got.memory = max(got.memory, judgement.memory)
        got.wall = max([got.wall, *(test.wall for test in judgement.tests)])
        told = msgspec.json.encode(judgement).decode()
        got.problems += self._host.leaks(told)
        got.problems += differences(self._try, judgement)
        if self._judge.pid != worker:
            got.problems.append("the judge's worker did not survive it")

    # --- what is handed in

    def _problem(self, turn: int) -> Problem:
        attempt, folder = self._try, self._host.folder
        answer = None if attempt.answer is None else Data(path=folder / "test.ans")
        tests = tuple(
            Test(name=str(number), input=Data(path=folder / "link.in"), answer=answer, shown=True)
            for number in range(attempt.tests)
        )
        return Problem(
            groups=(Group(name="attack", tests=tests),),
            limits=attempt.limits,
            checker=self._helper(attempt.checker, turn) or CheckerSpec(),
            interactor=self._helper(attempt.interactor, turn),
        )

    def _helper(self, helper: Helper | None, turn: int) -> CheckerSpec | None:
        if helper is None:
            return None
        if not helper.file:
            return CheckerSpec(kind=helper.kind)
        program = Submission(helper.language, {helper.file: self._text(helper.file, turn)})
        return CheckerSpec(kind=helper.kind, style="kattis", program=program)

    def _submission(self, turn: int) -> Submission:
        attempt = self._try
        names = (attempt.name or attempt.files[0], *attempt.files[1:])
        texts = (self._text(file, turn) for file in attempt.files)
        return Submission(attempt.language, dict(zip(names, texts, strict=True)))

    def _text(self, file: str, turn: int) -> bytes:
        return self._catalogue.text(file, self._values(turn))

    def _filled(self, text: str) -> str:
        for key, value in self._values(0).items():
            text = text.replace("{{" + key + "}}", value)
        return text

    def _values(self, turn: int) -> dict[str, str]:
        host = self._host
        return {
            "hidden": str(host.hidden),
            "places": "\n".join(host.places),
            "port": str(host.port),
            "long": LONG_NAME,
            "turn": str(turn),
        }


def differences(attempt: Try, judgement: Judgement) -> Iterator[str]:
    """What of a judgement is not as expected."""
    if judgement.verdict not in attempt.expect:
        told = judgement.compiler or " ".join(
            f"{test.message} {test.judge_message} {test.output[:300]} {test.errors[-300:]}"
            for test in judgement.tests[:1]
        )
        yield f"the verdict is {judgement.verdict}: {told.strip()[:1000] or judgement.message}"
    if attempt.compiler_has not in judgement.compiler:
        yield f"the compiler does not say {attempt.compiler_has!r}: {judgement.compiler[:300]}"
    if attempt.compiler_under is not None and len(judgement.compiler) >= attempt.compiler_under:
        yield f"{len(judgement.compiler)} characters of the compiler's words were kept"
    for test in judgement.tests:
        yield from _of_test(attempt, test)


def _of_test(attempt: Try, test: TestResult) -> Iterator[str]:
    for name in ("idle", "exit_code", "signal"):
        wanted = getattr(attempt, name)
        if wanted is not None and getattr(test, name) != wanted:
            yield f"{name} is {getattr(test, name)}, and not {wanted}"
    used = test.memory / MIB
    if attempt.memory_over is not None and used < attempt.memory_over:
        yield f"only {used:.1f} MiB of memory were told"
    if attempt.memory_under is not None and used >= attempt.memory_under:
        yield f"{used:.1f} MiB of memory were told"
    if attempt.errors_has not in test.errors:
        yield f"its stderr does not say {attempt.errors_has!r}"
    if attempt.errors_under is not None and len(test.errors) >= attempt.errors_under:
        yield f"{len(test.errors)} characters of its stderr were kept"
