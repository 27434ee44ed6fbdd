"""Kills judge workers, or who asked them, while they judge; counts what is left of it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from codetrack.judge.client import Judge
from codetrack.judge.errors import Fault
from codetrack.judge.sandbox import linux
from codetrack.judge.values import Limits, Spec
from tests.core.waiting import until
from tests.faults.asker import KINDS

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 1.2  # seconds from the first submission to the kill
END_SECONDS = 15
STATE, PARENT = 0, 1  # fields of /proc/PID/stat after the name


@dataclass
class Report:
    """A kill counts when a sandbox was alive at that moment."""

    hits: Counter[str] = field(default_factory=Counter)
    sandboxed: int = 0  # processes in sandboxes at those moments
    missed: int = 0  # kills that found no sandbox
    left: list[str] = field(default_factory=list)  # processes and mounts that outlived a kill
    littered: int = 0  # kills that left temporary files
    litter: list[Path] = field(default_factory=list)  # what of it the next start has not removed

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.hits.items()))
        return (
            f"{self.hits.total()} kills of {self.sandboxed} processes in sandboxes ({kinds}), "
            f"{self.missed} more that found none: {len(self.left)} processes or mounts left; "
            f"{self.littered} kills left temporary files, {len(self.litter)} of which stayed"
        )


class Asker:
    """A process that has submissions of a kind judged, its worker, and what they start."""

    def __init__(self, kind: str, ground: Path) -> None:
        self.bystanders = set(descendants(os.getpid()))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.asker", kind],
            cwd=ROOT,
            env=os.environ | {"CODETRACK_JUDGE_DIR": str(ground)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        told = json.loads(self.process.stdout.readline())
        self.worker: int = told["worker"]
        self.work = Path(told["folder"]) / "work"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Whatever happened, nothing of it goes on."""
        self.process.kill()
        self.process.wait(END_SECONDS)
        for pid in self.survivors():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self.process.stdout
        self.process.stdout.close()
        until(lambda: not self.survivors(), seconds=END_SECONDS)

    def sandboxed(self) -> list[int]:
        """The processes that the worker has started, and that cannot become more meanwhile."""
        os.kill(self.worker, signal.SIGSTOP)
        return descendants(self.worker)

    def lose_its_worker(self) -> None:
        """It hears of it, and ends."""
        os.kill(self.worker, signal.SIGKILL)
        told, _ = self.process.communicate(timeout=END_SECONDS)
        assert told.split()[-1] == "Fault", told

    def die(self) -> None:
        """Its worker has to find out by itself."""
        os.kill(self.worker, signal.SIGCONT)
        self.process.kill()
        self.process.communicate(timeout=END_SECONDS)

    def survivors(self) -> list[int]:
        """What still runs, whoever its parent was: all that lost theirs are this process's now."""
        return adopted(self.bystanders)


def kill_during_judging(*, kills: int, seed: int) -> Report:
    """So many kills that hit a sandbox: of the worker, and each fifth time of who asked it."""
    moments, report, mounts = random.Random(seed), Report(), mounted()
    litter: set[Path] = set()
    with ground() as folder, adopting():
        while report.hits.total() < kills:
            number = report.hits.total() + report.missed
            assert report.missed <= kills + 10, f"Hardly anything is hit: {report}"
            kind, victim = KINDS[number % len(KINDS)], "asker" if number % 5 == 4 else "worker"
            with Asker(kind, folder) as asker:
                _look_for(litter, asker, report)
                time.sleep(moments.uniform(0.0, LONGEST))
                _kill(asker, victim, f"{kind} {victim}", report)
            report.left += sorted(mounted() - mounts)
            litter = set(asker.work.iterdir())
            report.littered += bool(litter)
        with Asker("run", folder) as last:
            _look_for(litter, last, report)
    return report


def kill_right_after_the_release(*, kills: int, seed: int) -> list[int]:
    """What is left of programs that sleep when their worker is killed while they are started."""
    moments, left = random.Random(seed), list[int]()
    with adopting():
        bystanders = set(descendants(os.getpid()))
        for _ in range(kills):
            with Judge() as judge:
                judge.ready()
                assert judge.pid
                asking = threading.Thread(target=_sleep, args=(judge,))
                asking.start()
                until(lambda pid=judge.pid: bool(descendants(pid)))  # type: ignore[misc]
                time.sleep(moments.uniform(0.0, 0.02))
                os.kill(judge.pid, signal.SIGKILL)
                asking.join()
            with suppress(AssertionError):
                until(lambda: not adopted(bystanders), seconds=END_SECONDS)
            left += adopted(bystanders)
    return left


def _sleep(judge: Judge) -> None:
    with suppress(Fault):
        judge.run(Spec(argv=("/usr/bin/sleep", "60"), limits=Limits(cpu=30)))


def _kill(asker: Asker, victim: str, what: str, report: Report) -> None:
    sandboxed = asker.sandboxed()
    if victim == "asker":
        asker.die()
    else:
        asker.lose_its_worker()
    with suppress(AssertionError):
        until(lambda: not asker.survivors(), seconds=END_SECONDS)
    report.left += [f"process {pid} after {what}" for pid in asker.survivors()]
    report.sandboxed += len(sandboxed)
    if sandboxed:
        report.hits[what] += 1
    else:
        report.missed += 1


def _look_for(litter: set[Path], asker: Asker, report: Report) -> None:
    """The next worker has taken the same folder, and what lay in it is gone."""
    assert all(path.parent == asker.work for path in litter)
    report.litter += [path for path in litter if path.exists()]


@contextmanager
def ground() -> Iterator[Path]:
    """Where workers make their folders: one that their users can pass through."""
    with tempfile.TemporaryDirectory(prefix="codetrack-kills-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@contextmanager
def adopting() -> Iterator[None]:
    """Whoever loses its parent below this process becomes its child: none gets lost."""
    linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
    try:
        yield
    finally:
        linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 0)


def adopted(bystanders: set[int]) -> list[int]:
    """Who lives below this process and did not before; the dead are laid to rest."""
    for child in set(families(dead="")[os.getpid()]) - bystanders:
        with suppress(ChildProcessError):
            os.waitpid(child, os.WNOHANG)
    return descendants(os.getpid(), bystanders)


def descendants(pid: int, bystanders: Collection[int] = ()) -> list[int]:
    """All that live below a process, of whatever depth; without these children and theirs."""
    below = families()
    found = [child for child in below[pid] if child not in bystanders]
    for process in found:
        found += below[process]
    return found


def families(dead: str = "ZX") -> dict[int, list[int]]:
    """The children of everybody on this machine, but for the dead ones."""
    found: dict[int, list[int]] = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if fields[STATE] not in dead:
                found[int(fields[PARENT])].append(int(path.parent.name))
    return found


def mounted() -> set[str]:
    """Everything that is mounted where we are."""
    return set(Path("/proc/self/mountinfo").read_text().splitlines())
