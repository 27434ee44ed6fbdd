"""kill -9 of a judge's worker, or of who asked it: nothing outlives it, nothing is left lying."""

from __future__ import annotations

import time

import pytest

from tests.faults.judging import kill_during_judging
from tests.judge.conftest import needs_sandboxes

pytestmark = pytest.mark.faults


def test_five_kills_during_judging() -> None:
    needs_sandboxes()
    report = kill_during_judging(kills=5, seed=int(time.time()))
    assert (report.left, report.litter) == ([], []), report
    assert report.sandboxed >= report.hits.total() == 5
