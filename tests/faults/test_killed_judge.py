"""kill -9 of a judge's worker, or of who asked it: nothing outlives it, nothing is left lying."""

from __future__ import annotations

import time

import pytest

from tests.faults.judging import kill_during_judging, kill_right_after_the_release
from tests.judge.conftest import needs_sandboxes

pytestmark = pytest.mark.faults


def test_five_kills_during_judging() -> None:
    needs_sandboxes()
    report = kill_during_judging(kills=5, seed=int(time.time()))
    assert (report.left, report.litter) == ([], []), report
    assert report.sandboxed >= report.hits.total() == 5


def test_a_sandbox_that_is_just_starting_does_not_outlive_its_worker() -> None:
    """For some milliseconds nothing but the worker's notes leads to it."""
    needs_sandboxes()
    assert kill_right_after_the_release(kills=15, seed=int(time.time())) == []
