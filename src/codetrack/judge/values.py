"""The words of the judge: what is to be run, within which limits, and what came of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

KIB, MIB = 1024, 1024 * 1024


class Verdict(StrEnum):
    """What is said of a test or of a whole submission."""

    OK = "OK"  # ran to its end, and nobody asked whether the output is right
    AC = "AC"  # accepted
    PARTIAL = "PT"  # some of the points
    WA = "WA"  # wrong answer
    PE = "PE"  # presentation error: right but for the white space
    TLE = "TLE"  # time limit exceeded; `idle` where it waited rather than worked
    MLE = "MLE"  # memory limit exceeded
    OLE = "OLE"  # output limit exceeded
    RE = "RE"  # run-time error: a signal or an exit code other than 0
    CE = "CE"  # compile error
    IE = "IE"  # judge error: nobody's submission is to blame
    SKIPPED = "SK"  # not run, because what it depends on failed


class Data:
    """Bytes that are read when they are needed: in memory, a file, or an open file handed to us.

    A plain class, so that the wire to the worker can carry it as an open file.
    """

    __slots__ = ("content", "fd", "path")

    def __init__(
        self, content: bytes | None = None, path: Path | None = None, fd: int | None = None
    ) -> None:
        self.content = content
        self.path = path
        self.fd = fd

    def __repr__(self) -> str:
        told = self.path or (f"fd {self.fd}" if self.fd is not None else f"{self.size} bytes")
        return f"Data({told})"

    @property
    def size(self) -> int:
        if self.path is not None:
            return self.path.stat().st_size
        return len(self.content or b"") if self.fd is None else os.fstat(self.fd).st_size

    def open(self) -> int:
        """A descriptor of one's own, to be read from its beginning with `os.pread`.

        Raises OSError when the file is gone.
        """
        if self.path is not None:
            return os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        if self.fd is not None:
            return os.dup(self.fd)
        return in_memory(self.content or b"")

    def read(self, limit: int | None = None) -> bytes:
        """Its bytes, at most `limit` of them."""
        if self.path is None and self.fd is None:
            return (self.content or b"")[:limit]
        opened = self.open()
        try:
            size = os.fstat(opened).st_size if limit is None else limit
            return read_at(opened, size)
        finally:
            os.close(opened)


def in_memory(content: bytes) -> int:
    """A descriptor of a new memory file that holds these bytes."""
    made = os.memfd_create("codetrack", os.MFD_CLOEXEC)
    with os.fdopen(os.dup(made), "wb") as file:
        file.write(content)
    return made


def read_at(fd: int, size: int) -> bytes:
    """The first `size` bytes of a file that may be shorter; its reading position stays."""
    parts: list[bytes] = []
    done = 0
    while done < size and (part := os.pread(fd, min(size - done, 8 * MIB), done)):
        parts.append(part)
        done += len(part)
    return b"".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a whole process tree may use. Times in seconds, sizes in bytes."""

    cpu: float = 2.0
    wall: float = 0.0  # 0: max(2 x cpu, cpu + 1)
    memory: int = 256 * MIB
    output: int = 16 * MIB  # of stdout, of stderr, and of each file
    processes: int = 16  # processes and threads at a time
    files: int = 64  # open ones, of each process
    tmp: int = 64 * MIB
    address_space: bool = True  # RLIMIT_AS too; Java, Node and Go reserve far more than they use

    @property
    def wall_clock(self) -> float:
        return self.wall or max(2 * self.cpu, self.cpu + 1)


class Profile(StrEnum):
    """Which system calls are allowed."""

    RUN = "run"  # a submission: no chmod family
    RUN_ALONE = "run_alone"  # the same, and no new processes, threads only
    COMPILE = "compile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One run of one program in a sandbox of its own.

    Inside, `box` is /box and `source` is /src, read only; `out` is /out, writable. `files` are put
    at absolute paths, read only. `binds` are folders of this machine, seen at the same place.
    """

    argv: tuple[str, ...]
    stdin: Data = field(default_factory=Data)
    limits: Limits = Limits()
    profile: Profile = Profile.RUN
    box: Path | None = None
    source: Path | None = None
    out: Path | None = None
    files: Mapping[str, Data] = field(default_factory=dict)
    binds: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    proc: bool = True  # /proc is there
    chdir: str = ""  # /box, /src or /tmp, the first that there is


class Output:
    """What a program wrote, in a memory file that closes with this object."""

    __slots__ = ("fd",)

    def __init__(self, fd: int) -> None:
        self.fd = fd

    @property
    def size(self) -> int:
        return os.fstat(self.fd).st_size

    def read(self, limit: int | None = None) -> bytes:
        """Its first `limit` bytes, or all."""
        return read_at(self.fd, self.size if limit is None else limit)

    def data(self) -> Data:
        """The same bytes as the input of another run, while this object lives."""
        return Data(fd=self.fd)

    def __del__(self) -> None:
        os.close(self.fd)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a run. `cpu` is of the whole process tree, `memory` its peak in bytes."""

    verdict: Verdict  # OK, OLE, MLE, TLE, RE or IE
    idle: bool = False  # TLE by the clock, with next to no CPU used
    exit_code: int | None = None
    signal: int | None = None
    cpu: float = 0.0
    wall: float = 0.0
    memory: int = 0
    message: str = ""  # one plain sentence, for the author of the program
    stdout: Output
    stderr: Output


@dataclass(frozen=True, slots=True)
class Submission:
    """Source files by name, the main one first, in the language of this id."""

    language: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckerSpec:
    """How an output is compared.

    `kind`: exact, token, float, unordered, nocase, kattis (the default validator of that format)
    or custom; `options` are that kind's own.
    """

    kind: str = "token"
    options: Mapping[str, str | float | bool] = field(default_factory=dict)
    style: str = ""  # of a custom one: kattis (exit 42, 43) or testlib (0, 1, 2, 3, 7)
    program: Submission | None = None
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One input. Without an `answer` (and no checker of its own) a run that ends well is OK."""

    __test__ = False  # pytest: not one of yours

    name: str
    input: Data
    answer: Data | None = None
    points: float = 0.0  # in a group whose scoring is "sum"
    arguments: tuple[str, ...] = ()  # more for the custom checker
    shown: bool = False  # its output comes with the result: a sample, or the member's own input


class Scoring(StrEnum):
    """How a group's points come of its tests."""

    ALL = "all"  # all points, or none
    SUM = "sum"  # each test its own
    MIN = "min"  # the points x the least score of a test


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Tests that are judged together: the samples, a subtask, or all there are."""

    name: str
    tests: tuple[Test, ...]
    points: float = 0.0
    scoring: Scoring = Scoring.ALL
    depends: tuple[str, ...] = ()  # groups that must be wholly accepted first
    run_all: bool = False  # else it stops at the first test that decides it


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """All the judge has to know. An `interactor` speaks with the program."""

    groups: tuple[Group, ...]
    limits: Limits = Limits()
    checker: CheckerSpec = CheckerSpec()
    interactor: CheckerSpec | None = None
    run_all: bool = False  # else a failed group ends a problem that has no points


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """What came of one test. `score` is from 0 to 1; `message` may be shown to its author."""

    __test__ = False

    name: str
    group: str
    verdict: Verdict
    idle: bool = False
    cpu: float = 0.0
    wall: float = 0.0
    memory: int = 0
    exit_code: int | None = None
    signal: int | None = None
    score: float = 0.0
    message: str = ""
    judge_message: str = ""  # of a checker, for the problem's author alone
    output: str = ""  # of shown tests: the first 64 KiB
    errors: str = ""  # of shown tests: its stderr


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupResult:
    """What came of a group. `points` of its maximum `of`."""

    name: str
    verdict: Verdict
    points: float
    of: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The whole answer: the verdict of the first failing test, PT where some points were given."""

    verdict: Verdict
    points: float = 0.0
    of: float = 0.0
    idle: bool = False
    cpu: float = 0.0  # of the slowest test
    memory: int = 0  # of the greatest
    message: str = ""
    judge_message: str = ""  # of a checker or a fault, for the problem's author alone
    compiler: str = ""  # what it said, at most 64 kB
    groups: tuple[GroupResult, ...] = ()
    tests: tuple[TestResult, ...] = ()
