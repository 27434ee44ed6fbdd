"""The geometry of the rating chart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from codetrack.web import samples
from codetrack.web.chart import Band, Chart, Point, Series, draw, spark, tier_of

BANDS = [
    Band(0, 1, "Newbie"),
    Band(1200, 3, "Pupil"),
    Band(1400, 4, "Specialist"),
    Band(1600, 5, "Expert"),
]
START = datetime(2024, 2, 1, tzinfo=UTC)


def series(*values: int, key: str = "codeforces", days: int = 30) -> Series:
    points = [
        Point(START + timedelta(days=days * i), value, f"Round {i}")
        for i, value in enumerate(values)
    ]
    return Series(key.title(), key, points)


def test_nothing_to_draw_is_empty() -> None:
    assert draw([]).empty
    assert draw([Series("Codeforces", "codeforces", ())], BANDS) == Chart()


def test_time_runs_to_the_right_and_ratings_run_up() -> None:
    dots = draw([series(1300, 1500, 1450)], BANDS).lines[0].dots
    assert [dot.x for dot in dots] == ["1", "50", "99"]
    assert float(dots[1].y) < float(dots[2].y) < float(dots[0].y)


def test_points_are_sorted_whatever_order_they_come_in() -> None:
    ordered = series(1300, 1500, 1450)
    shuffled = Series(ordered.name, ordered.key, [ordered.points[i] for i in (2, 0, 1)])
    assert draw([shuffled], BANDS) == draw([ordered], BANDS)


def test_the_best_contest_is_marked_once() -> None:
    chart = draw([series(1500, 1600, 1600, 1400)], BANDS)
    assert [dot.best for dot in chart.lines[0].dots] == [False, True, False, False]
    assert chart.best.point.value == 1600


def test_rows_are_newest_first_over_all_series() -> None:
    chart = draw([series(1300, 1500), series(1400, key="leetcode", days=7)], BANDS)
    assert [(row.series, row.point.value) for row in chart.rows] == [
        ("Codeforces", 1500),
        ("Codeforces", 1300),
        ("Leetcode", 1400),
    ]


def test_each_point_knows_its_tier() -> None:
    tiers = [
        dot.tier and dot.tier.name for dot in draw([series(1199, 1200, 1600)], BANDS).lines[0].dots
    ]
    assert tiers == ["Newbie", "Pupil", "Expert"]


def test_the_first_tier_has_no_bottom() -> None:
    assert tier_of(-40, BANDS) == BANDS[0]
    assert sum(float(stripe.height) for stripe in draw([series(-40, 90)], BANDS).stripes) == 100


def test_without_tiers_a_point_has_none() -> None:
    assert tier_of(1500, []) is None


def test_stripes_fill_the_picture_without_a_gap() -> None:
    stripes = draw([series(1240, 1700)], BANDS).stripes
    assert [stripe.level for stripe in stripes] == [1, 3, 4, 5]
    assert sum(float(stripe.height) for stripe in stripes) == pytest.approx(100, abs=0.1)
    tops = [float(stripe.y) for stripe in stripes]
    assert tops == sorted(tops, reverse=True)
    assert tops[-1] == 0


def test_tier_borders_are_the_ticks() -> None:
    assert [tick.value for tick in draw([series(1240, 1700)], BANDS).ticks] == [1200, 1400, 1600]


def test_a_wide_tier_is_marked_inside_as_well() -> None:
    ticks = [tick.value for tick in draw([series(480, 900, 1390)], BANDS).ticks]
    assert {1200, 1400} <= set(ticks)
    assert len([value for value in ticks if value < 1200]) >= 2


def test_numbers_at_the_side_keep_apart() -> None:
    ticks = draw([series(300, 3400)], samples.BANDS).ticks
    places = sorted(float(tick.position) for tick in ticks)
    assert min(b - a for a, b in pairwise(places)) >= 6


def test_round_numbers_are_the_ticks_inside_one_tier() -> None:
    ticks = [tick.value for tick in draw([series(1610, 1790)], BANDS).ticks]
    assert len(ticks) >= 3
    assert all(value % 50 == 0 for value in ticks)


def test_without_tiers_there_are_still_ticks() -> None:
    chart = draw([series(1410, 2600)])
    assert chart.stripes == []
    assert len(chart.ticks) >= 3


def test_labels_at_the_end_keep_apart() -> None:
    chart = draw([series(1500, 1600), series(1500, 1601, key="b"), series(1500, 1602, key="c")])
    heights = sorted(float(line.label_y) for line in chart.lines)
    assert heights[1] - heights[0] >= 7
    assert heights[2] - heights[1] >= 7


def test_lines_differ_by_dash() -> None:
    chart = draw([series(1500, key=key) for key in "abcd"])
    assert len({line.style for line in chart.lines}) == 4
    assert chart.lines[0].style == "main"


def test_one_contest_stands_in_the_middle() -> None:
    chart = draw([series(1500)], BANDS)
    assert chart.best.x == "50"
    assert chart.best.anchor == "middle"


@pytest.mark.parametrize(("count", "days"), [(1, 1), (4, 7), (3, 40), (5, 30), (60, 30)])
def test_no_date_stands_below_twice(count: int, days: int) -> None:
    chart = draw([series(*range(1400, 1400 + count), days=days)])
    dates = [date_format(day.at, chart.day_style) for day in chart.days if day.at]
    assert len(set(dates)) == 5


def test_a_long_span_is_told_in_months() -> None:
    assert draw([series(1400, 1500, days=400)]).day_style == "M Y"


def test_rows_of_one_moment_are_the_later_one_first() -> None:
    rows = draw([series(1400, 1500, 1600, days=0)]).rows
    assert [row.point.value for row in rows] == [1600, 1500, 1400]


def test_a_label_near_the_edge_stays_inside() -> None:
    assert draw([series(1500, 1400)]).best.anchor == "start"
    assert draw([series(1400, 1500)]).best.anchor == "end"


def test_dots_give_way_when_there_are_too_many() -> None:
    assert not draw([series(*range(1400, 1490))]).dense
    assert draw([series(*range(1400, 1500))]).dense


@given(st.lists(st.integers(-500, 4500), min_size=1, max_size=60))
def test_everything_stays_inside_the_picture(values: list[int]) -> None:
    chart = draw([series(*values)], BANDS)
    places = [float(text) for row in chart.rows for text in (row.x, row.y)]
    assert all(0 <= place <= 100 for place in places)
    assert all(0 <= float(tick.position) <= 100 for tick in [*chart.ticks, *chart.days])


def test_sparkline_ends_at_its_last_value() -> None:
    path, x, y = spark([10, 30, 20])
    assert path.startswith("M3.0 37.0 ")
    assert path.endswith(f"{x} {y}")
    assert (x, y) == ("109.0", "20.0")


def test_sparkline_of_equal_values_is_flat() -> None:
    path, _, _ = spark([5, 5, 5])
    assert set(path[1:].split()[1::2]) == {"37.0"}
