"""The clock that tests hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from codetrack.core import clock
from codetrack.core.testing import hold_clock

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)


def test_held_within_another_it_goes_back_to_that_and_then_to_the_true_time() -> None:
    before = clock.source()
    with hold_clock(NOON) as held:
        with hold_clock(NOON - timedelta(days=7)):
            clock.sleep(60)
            assert clock.now() == NOON - timedelta(days=7) + timedelta(minutes=1)
        assert clock.now() == NOON
        held.forward(hours=1)
        assert clock.now() == NOON + timedelta(hours=1)
    assert clock.source() == before
