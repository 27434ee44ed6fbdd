"""All probes, one after the other, and the level that follows from them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Protocol

from codetrack.judge.client import Judge
from codetrack.judge.doctor import limits, machine, within
from codetrack.judge.doctor.bench import REPORT, Bench, Probe
from codetrack.judge.errors import JudgeError, Refused
from codetrack.judge.languages import LanguageState
from codetrack.judge.sandbox import bwrap
from codetrack.judge.values import Result, Spec
from codetrack.judge.wire import Ready


class Level(StrEnum):
    """What a machine is good for."""

    A = "A"  # safe, and limits of memory and processor time are the kernel's own, exact
    B = "B"  # safe; these limits are kept by looking every few milliseconds
    X = "X"  # no code is run here


TOLD = {
    Level.A: "safe; memory and time are limited by control groups",
    Level.B: "safe; memory and time are limited by looking every few milliseconds, as no control"
    " group was delegated (in a systemd unit: Delegate=yes)",
    Level.X: "no code is run on this machine until the above is mended",
}


class Patient(Protocol):
    """What is examined: a `client.Judge`."""

    def ready(self) -> Ready: ...

    def run(self, spec: Spec) -> Result: ...

    def languages(self) -> tuple[LanguageState, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What came of the self-test. `languages` were tried only where code is run at all."""

    level: Level
    probes: tuple[Probe, ...]
    languages: tuple[LanguageState, ...] = ()
    machine: Mapping[str, str] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """The level in a sentence."""
        return TOLD[self.level]

    @property
    def failed(self) -> tuple[Probe, ...]:
        return tuple(probe for probe in self.probes if not probe.ok)


def diagnose() -> Diagnosis:
    """Examine a judge of one's own, with a canary in its environment. Never raises JudgeError."""
    with canary(), Judge() as judge:
        return examine(judge)


@contextmanager
def canary() -> Iterator[None]:
    """While it lasts, our environment holds a value that no sandbox may see."""
    os.environ[within.CANARY] = secrets.token_hex(16)
    try:
        yield
    finally:
        del os.environ[within.CANARY]


def examine(patient: Patient, *, languages: bool = True) -> Diagnosis:
    """Try everything out, in a few seconds. Never raises JudgeError."""
    facts = machine.facts()
    probes = [_tried("bubblewrap", _bubblewrap)]
    try:
        ready = patient.ready()
        facts |= {"user": str(ready.uid), "folder": ready.folder}
        with Bench(patient) as bench:
            probes += _all(bench)
    except (JudgeError, OSError) as error:
        probes.append(_no_sandbox("a judge starts", error))
    if not all(probe.ok for probe in probes):
        return Diagnosis(level=Level.X, probes=tuple(probes), machine=facts)
    found = patient.languages() if languages else ()
    return Diagnosis(level=Level(ready.level), probes=tuple(probes), languages=found, machine=facts)


def _all(bench: Bench) -> list[Probe]:
    try:
        probes = within.look_around(bench)
    except JudgeError as error:
        return [_no_sandbox("a sandbox runs", error)]
    if not probes[0].ok:
        return probes
    probes.append(within.owner(bench))
    return probes + [_tried(test.__name__, partial(test, bench)) for test in limits.PROBES]


def _tried(name: str, test: Callable[[], Probe]) -> Probe:
    try:
        return test()
    except Refused as error:
        return _refused(name, error)
    except JudgeError as error:
        return Probe(name=name, ok=False, seen=str(error), remedy=REPORT)


def _bubblewrap() -> Probe:
    found = bwrap.find()
    return Probe(name="bubblewrap", ok=True, seen=f"{found.path}, version {found.version}")


def _no_sandbox(name: str, error: Exception) -> Probe:
    if isinstance(error, Refused):
        return _refused(name, error)
    reason = machine.explain(str(error))
    return Probe(name=name, ok=False, seen=reason.why, remedy=reason.remedy)


def _refused(name: str, error: Refused) -> Probe:
    return Probe(name=name, ok=False, seen=error.reason, remedy=error.remedy)
