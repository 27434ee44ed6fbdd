"""Two hundred kills of the judge in the middle of its work; `make soak` runs it."""

from __future__ import annotations

import secrets

import pytest

from tests.faults.asker import KINDS
from tests.faults.judging import kill_during_judging
from tests.judge.conftest import needs_sandboxes

KILLS = 200
MINUTES = 8

pytestmark = [pytest.mark.soak, pytest.mark.timeout(MINUTES * 60)]


def test_kills_during_judging(capsys: pytest.CaptureFixture[str]) -> None:
    needs_sandboxes()
    seed = secrets.randbelow(1_000_000)
    report = kill_during_judging(kills=KILLS, seed=seed)
    with capsys.disabled():
        print(f"\nsoak judging, seed {seed}: {report}")  # noqa: T201
    assert (report.left, report.litter) == ([], [])
    assert report.hits.total() == KILLS
    assert report.littered > 0, "no kill left anything that the next start could remove"
    for kind in KINDS:
        assert all(report.hits[f"{kind} {victim}"] for victim in ("worker", "asker"))
