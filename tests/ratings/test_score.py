"""The score on values worked out by hand, and what must hold for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetrack.platforms.registry import all_platforms
from codetrack.ratings.score import (
    CONTESTS,
    CURVES,
    FLOOR,
    LEVELS,
    MOST,
    Rated,
    Score,
    points_of_share,
    recency,
    score,
    strength,
)

TODAY = date(2026, 11, 21)
RATINGS = st.integers(-200, 4500)
DAYS = st.integers(-3, 2000)
SOLVED = st.dictionaries(st.sampled_from(["Easy", "Medium", "Hard", ""]), st.integers(0, 20_000))
ACCOUNTS = st.dictionaries(
    st.sampled_from([*CURVES, "elsewhere"]), st.tuples(RATINGS, st.none() | DAYS)
)
type Accounts = Mapping[str, tuple[int, int | None]]


def made(accounts: Accounts, solved: Mapping[str, int], today: date = TODAY) -> Score:
    rated = [
        Rated(
            platform=key,
            rating=rating,
            played_on=None if days is None else TODAY - timedelta(days=days),
        )
        for key, (rating, days) in accounts.items()
    ]
    return score(rated=rated, solved=solved, today=today)


# --- known values


@pytest.mark.parametrize(
    ("share", "points"),
    [(0.0, 0), (0.5, 280), (0.9, 550), (0.99, 695), (0.999, 800), (0.9999, 900), (0.99999, 1000)],
)
def test_a_share_is_worth_half_of_itself_and_its_rarity(share: float, points: int) -> None:
    assert round(points_of_share(share)) == points


@pytest.mark.parametrize(
    ("platform", "rating", "points"),
    [
        ("codeforces", -50, 0),
        ("codeforces", 0, 0),
        ("codeforces", 1143, 280),  # the median
        ("codeforces", 1200, 310),
        ("codeforces", 1900, 592),
        ("codeforces", 2400, 706),
        ("codeforces", 3900, 1000),
        ("codeforces", 4200, 1000),
        ("leetcode", 1500, 280),
        ("leetcode", 1965, 635),
        ("codechef", 2500, 769),
    ],
)
def test_a_rating_has_the_strength_of_its_share(platform: str, rating: int, points: int) -> None:
    assert strength(platform, rating) == points


@pytest.mark.parametrize(
    ("days", "percent"),
    [(0, 100), (90, 100), (96, 100), (97, 99), (103, 99), (104, 98), (370, 60), (5000, 60)],
)
def test_a_strength_fades_by_whole_weeks_after_ninety_days(days: int, percent: int) -> None:
    assert recency(TODAY - timedelta(days=days), TODAY) == percent


def test_without_a_known_contest_nothing_fades() -> None:
    assert recency(None, TODAY) == 100


def test_the_best_platform_counts_most_and_a_platform_without_a_curve_not_at_all() -> None:
    accounts = {"codechef": (1200, 0), "codeforces": (1900, 0), "elsewhere": (9999, 0)}
    found = made(accounts, {})
    parts = [(one.platform, one.strength, one.most, one.points) for one in found.contests]
    assert parts == [("codeforces", 592, 560, 331), ("codechef", 268, 160, 42)]
    assert found.total == 373


def test_a_faded_platform_gives_way_to_a_fresh_one() -> None:
    found = made({"codeforces": (1900, 400), "leetcode": (1700, 1)}, {})
    parts = [(one.platform, one.strength, one.recency, one.points) for one in found.contests]
    assert parts == [("leetcode", 507, 100, 283), ("codeforces", 592, 60, 56)]


def test_practice_counts_by_level_with_diminishing_returns() -> None:
    found = made({}, {"Easy": 150, "Medium": 150, "Hard": 100})
    assert [part.points for part in found.practice] == [15, 35, 50]
    twice = made({}, {"Easy": 300, "Medium": 300, "Hard": 200})
    assert [part.points for part in twice.practice] == [20, 46, 66]


def test_what_has_no_level_counts_as_easy() -> None:
    assert made({}, {"": 100, "Easy": 50}) == made({}, {"Easy": 150})
    assert made({}, {"Insane": 150}).total == 15


def test_easy_problems_by_the_thousand_bring_hardly_anything() -> None:
    assert made({}, {"Easy": 100_000}).total == 29
    assert made({}, {"Hard": 45}).total == 31


def test_everything_at_its_best_is_a_thousand_at_most() -> None:
    accounts = dict.fromkeys(CURVES, (4500, 0))
    practice = dict.fromkeys((level.name for level in LEVELS), 10**9)
    found = made(accounts, practice)
    assert [part.points for part in found.contests] == list(CONTESTS)
    assert found.total == MOST - len(LEVELS)  # no number of problems is all of them


# --- the curves


def test_every_platform_has_a_curve_that_rises() -> None:
    assert set(CURVES) == set(all_platforms())
    for curve in CURVES.values():
        ratings, shares = zip(*curve, strict=True)
        assert list(ratings) == sorted(set(ratings)) and list(shares) == sorted(set(shares))
        assert shares[0] == 0 and shares[-1] == 0.99999


@pytest.mark.parametrize("platform", CURVES)
def test_the_best_still_differ(platform: str) -> None:
    top = [rating for rating in range(4000) if strength(platform, rating) >= 800]  # one in 1,000
    assert len({strength(platform, rating) for rating in top}) > 100


# --- what always holds


@given(ACCOUNTS, SOLVED)
def test_it_is_the_sum_of_its_parts_between_0_and_1000(
    accounts: Accounts, solved: Mapping[str, int]
) -> None:
    found = made(accounts, solved)
    parts = [*found.contests, *found.practice]
    assert found.total == sum(part.points for part in parts)
    assert all(part.points >= 0 for part in parts)
    assert 0 <= found.total <= MOST


@given(ACCOUNTS, SOLVED, st.sampled_from([*CURVES]), RATINGS, st.integers(1, 500))
def test_a_better_rating_never_makes_it_less(
    accounts: Accounts, solved: Mapping[str, int], platform: str, rating: int, more: int
) -> None:
    days = accounts.get(platform, (0, None))[1]
    before = made({**accounts, platform: (rating, days)}, solved)
    after = made({**accounts, platform: (rating + more, days)}, solved)
    assert after.total >= before.total


@given(ACCOUNTS, SOLVED, st.sampled_from([*CURVES]), RATINGS)
def test_one_more_platform_never_makes_it_less(
    accounts: Accounts, solved: Mapping[str, int], platform: str, rating: int
) -> None:
    others = {key: account for key, account in accounts.items() if key != platform}
    assert made({**others, platform: (rating, 0)}, solved).total >= made(others, solved).total


@given(ACCOUNTS, SOLVED, st.sampled_from(["Easy", "Medium", "Hard", ""]), st.integers(1, 300))
def test_solving_more_never_makes_it_less(
    accounts: Accounts, solved: Mapping[str, int], level: str, more: int
) -> None:
    after = made(accounts, {**solved, level: solved.get(level, 0) + more})
    assert after.total >= made(accounts, solved).total


@given(st.dictionaries(st.sampled_from(["Easy", "Medium", "Hard"]), st.integers(0, 3000)))
def test_each_further_problem_brings_no_more_than_the_last(solved: Mapping[str, int]) -> None:
    for level in LEVELS:
        n = solved.get(level.name, 0)
        first = level.most * (n + 50) / (n + 50 + level.half) - level.most * n / (n + level.half)
        points = [level.points(n + step) for step in (0, 50, 100)]
        assert points[2] - points[1] <= first + 1


@given(ACCOUNTS, SOLVED, st.integers(0, 800))
def test_time_never_makes_it_more(accounts: Accounts, solved: Mapping[str, int], days: int) -> None:
    later = made(accounts, solved, TODAY + timedelta(days=days))
    assert later.total <= made(accounts, solved).total
    assert all(part.recency >= FLOOR for part in later.contests)


@given(ACCOUNTS, SOLVED)
def test_it_changes_at_most_once_a_week_while_nothing_happens(
    accounts: Accounts, solved: Mapping[str, int]
) -> None:
    one = dict(list(accounts.items())[:1])
    totals = [made(one, solved, TODAY + timedelta(days=day)).total for day in range(7)]
    assert len(set(totals)) <= 2
