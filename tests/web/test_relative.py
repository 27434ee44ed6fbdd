"""How long ago, in few characters."""

from datetime import UTC, datetime, timedelta

import pytest

from codetrack.web.relative import relative

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=0), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=1), "1 d ago"),
        (timedelta(days=13), "13 d ago"),
        (timedelta(days=14), "2 wk ago"),
        (timedelta(days=61), "2 mo ago"),
        (timedelta(days=729), "23 mo ago"),
        (timedelta(days=731), "2 y ago"),
    ],
)
def test_the_past(span: timedelta, text: str) -> None:
    assert relative(NOW - span, NOW) == text


def test_the_future() -> None:
    assert relative(NOW + timedelta(hours=3), NOW) == "in 3 h"


def test_zones_do_not_matter() -> None:
    from zoneinfo import ZoneInfo

    there = (NOW - timedelta(hours=2)).astimezone(ZoneInfo("Asia/Kolkata"))
    assert relative(there, NOW) == "2 h ago"
