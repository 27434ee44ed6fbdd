"""From the traces of a run to its verdict: which of several holds, at and beside each limit."""

from __future__ import annotations

from typing import Any

import pytest

from codetrack.judge.sandbox.verdicts import Reason, Traces, decide, signal_of, size
from codetrack.judge.values import MIB, Limits

LIMITS = Limits(cpu=1.0, wall=3.0, memory=100 * MIB, output=1000)


def verdict(**traces: Any) -> str:
    given = {"code": 0, "cpu": 0.5, "wall": 0.6, "memory": 10 * MIB, "written": 10, **traces}
    if given.get("killed"):
        given["code"] = None
    decision = decide(Traces(**given), LIMITS)
    return f"{decision.verdict} idle" if decision.idle else str(decision.verdict)


@pytest.mark.parametrize(
    ("traces", "expected"),
    [
        ({}, "OK"),
        ({"written": 1000}, "OK"),
        ({"written": 1001}, "OLE"),
        ({"code": 128 + 25}, "OLE"),  # SIGXFSZ: into a file of its own
        ({"killed": Reason.OUTPUT}, "OLE"),
        ({"killed": Reason.ENTRIES}, "OLE"),
        ({"killed": Reason.FOLDER}, "OLE"),
        ({"memory": 100 * MIB}, "OK"),
        ({"memory": 100 * MIB + 1}, "MLE"),
        ({"killed": Reason.MEMORY, "memory": 99 * MIB}, "MLE"),
        ({"out_of_memory_kills": 1}, "MLE"),
        ({"code": 1, "memory": 90 * MIB}, "MLE"),
        ({"code": 1, "memory": 89 * MIB}, "RE"),
        ({"code": 0, "memory": 99 * MIB}, "OK"),
        ({"code": 1, "memory": 50 * MIB, "says_out_of_memory": True}, "MLE"),
        ({"code": 1, "memory": 49 * MIB, "says_out_of_memory": True}, "RE"),
        ({"code": 0, "memory": 60 * MIB, "says_out_of_memory": True}, "OK"),
        ({"cpu": 1.0}, "OK"),
        ({"cpu": 1.01}, "TLE"),
        ({"killed": Reason.CPU}, "TLE"),
        ({"code": 128 + 24}, "TLE"),  # SIGXCPU
        ({"killed": Reason.WALL, "cpu": 0.1, "wall": 3.1}, "TLE idle"),
        ({"killed": Reason.WALL, "cpu": 0.9, "wall": 3.1}, "TLE"),
        ({"wall": 3.1, "cpu": 0.01}, "TLE idle"),
        ({"code": 3}, "RE"),
        ({"code": 137}, "RE"),  # the program's own doing, as we did not kill it
        ({"code": 139}, "RE"),
    ],
)
def test_verdict_of_traces(traces: dict[str, Any], expected: str) -> None:
    assert verdict(**traces) == expected


@pytest.mark.parametrize(
    ("traces", "expected"),
    [
        ({"written": 2000, "memory": 200 * MIB, "cpu": 2.0, "code": 1}, "OLE"),
        ({"memory": 200 * MIB, "cpu": 2.0, "code": 1}, "MLE"),
        ({"cpu": 2.0, "code": 1}, "TLE"),
    ],
)
def test_output_goes_before_memory_before_time_before_the_end(
    traces: dict[str, Any], expected: str
) -> None:
    assert verdict(**traces) == expected


def test_signals_are_told_from_exit_codes() -> None:
    assert [signal_of(code) for code in (None, 0, 1, 128, 139, 255)] == [
        *(None, None, None, None, 11, None)
    ]


def test_message_names_the_limit() -> None:
    told = decide(Traces(killed=Reason.MEMORY, memory=200 * MIB), LIMITS).message
    assert "100 MiB" in told
    assert size(999) == "999 bytes"
