"""The CodeChef adapter: the contract, and what is peculiar to its pages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest

from codetrack.platforms.base import (
    Blocked,
    ChangedLayout,
    Invalid,
    NotFound,
    PlatformError,
    Profile,
    Response,
    Transient,
)
from codetrack.platforms.codechef import CodeChef

from .codechef_pages import (
    PAGES_OF,
    RATED,
    ROWS,
    TOOLTIP,
    at,
    contest,
    plain_page,
    profile_page,
    world,
)
from .contract import CHALLENGE_PAGE, Contract, FakeClient, answer


def read(page: str, handle: str = "nila_v") -> Profile:
    """The profile on a page."""
    platform = CodeChef(FakeClient(lambda path, params: at(f"/users/{handle}", page)))
    found = platform.profiles([handle])[handle]
    assert isinstance(found, Profile)
    return found


def outcome(response: Response, handle: str = "nila_v") -> Profile | PlatformError:
    """What becomes of an answer to a question about one of two handles."""
    other = at("/users/quiet_koala", PAGES_OF["quiet_koala"])
    client = FakeClient(lambda path, params: response if path.endswith(handle) else other)
    return CodeChef(client).profiles([handle, "quiet_koala"])[handle]


SPOILS = (b"", b"<", b'"', b"{", b"]", b"null", b"9" * 40, b"\0", b"\xff", b"</script>", b"<?xml ")


class TestContract(Contract):
    adapter = CodeChef
    known = "nila_v"
    never_rated = "quiet_koala"
    unknown = "nobody_here"

    def world(self, path: str, params: Mapping[str, Any]) -> Response:
        return world(path, params)

    def changed_world(self, path: str, params: Mapping[str, Any]) -> Response:
        if path.startswith("users/"):
            return at(f"/{path}", plain_page("A new design"))
        renamed = world(path, params).body.replace(b"_contests", b"Rounds")
        renamed = renamed.replace(b"content", b"rows").replace(b'"data"', b'"items"')
        return answer(renamed)


# --- the page of an account


def test_one_page_tells_everything_but_the_submissions() -> None:
    client = FakeClient(world)
    profile = CodeChef(client).profiles(["nila_v"])["nila_v"]
    assert isinstance(profile, Profile)
    assert (profile.rating, profile.max_rating) == (1604, 1655)
    assert (profile.rank_name, profile.max_rank_name) == ("3★", "3★")
    assert (profile.global_rank, profile.country_rank) == (7407, 6483)
    assert (profile.contests, profile.solved) == (3, 75)
    assert profile.texts == {"name": "Nila Varghese", "institution": "Harbour College"}
    assert profile.activity is not None
    assert profile.activity.days == {date(2026, 1, 6): 15, date(2026, 1, 14): 4}
    assert profile.history is not None and len(profile.history) == 3
    assert client.asked == [("GET", "users/nila_v", {})]


def test_the_history_counts_from_the_first_rating_in_indian_time() -> None:
    history = CodeChef(FakeClient(world)).history("nila_v")
    assert [(change.old, change.new) for change in history] == [
        (None, 1390),
        (1390, 1655),
        (1655, 1604),
    ]
    assert history[0].contest_key == "START11D"
    assert history[0].rank == 990
    assert history[0].at == datetime(2026, 1, 11, 16, 30, 6, tzinfo=UTC)


def test_calendar_by_itself_is_that_of_the_page() -> None:
    activity = CodeChef(FakeClient(world)).activity("nila_v")
    assert activity.days[date(2026, 1, 6)] == 15


def test_a_question_mark_makes_a_rating_provisional() -> None:
    profile = read(profile_page("nila_v", ROWS[:1], number=f"1390?{TOOLTIP}", stars=1))
    assert (profile.rating, profile.provisional, profile.rank_name) == (1390, True, "1★")
    assert not read(RATED).provisional


@pytest.mark.parametrize("number", ["NA", "0?", "1000?"])
def test_without_a_contest_nobody_is_rated_whatever_is_shown(number: str) -> None:
    profile = read(profile_page("nila_v", number=number))
    assert (profile.rating, profile.max_rating, profile.provisional) == (None, None, False)
    assert profile.history == ()


def test_the_hidden_rating_of_another_kind_is_not_taken() -> None:
    bare = RATED.replace('id="rating-block-all"', 'id="ratings"')
    for page in (RATED, bare):
        shown = read(page.replace("date_versus_rating", "x").replace("var all_rating", "var x"))
        assert (shown.rating, shown.history) == (1604, None)


def test_an_inactive_member_has_no_place() -> None:
    profile = read(profile_page("nila_v", ROWS, ranks=("Inactive", "Inactive")))
    assert (profile.rating, profile.global_rank, profile.country_rank) == (1604, None, None)


def test_a_semicolon_in_the_name_of_a_contest_does_no_harm() -> None:
    rows = [contest("START11D", "1390", name="Cook; off }); </b> \\ [Rated]")]
    profile = read(profile_page("nila_v", rows))
    assert profile.history is not None
    assert profile.history[0].contest_name == "Cook; off }); </b> \\ [Rated]"


@pytest.mark.parametrize("penalty", [None, "START11D", ["START11D"]])
def test_a_contest_with_a_penalty_counts_like_any_other(penalty: object) -> None:
    rows = [contest("START11D", "1390", penalised_in=penalty, reason="Cheated in START11D")]
    assert read(profile_page("nila_v", rows)).rating == 1390


def test_a_contest_without_rating_or_place_is_no_rating_of_zero() -> None:
    rows = [contest("START11D", "1390", rank=None), contest("START12D", None)]
    profile = read(profile_page("nila_v", rows, number="1390"))
    assert profile.rating == 1390
    assert profile.history is not None and [row.rank for row in profile.history] == [0]


def test_the_second_place_of_the_history_does_when_the_first_is_gone() -> None:
    profile = read(profile_page("nila_v", ROWS, settings={"basePath": "/"}))
    assert profile.rating == 1604
    assert profile.history is not None and len(profile.history) == 3


def test_a_member_cannot_write_ratings_into_a_name() -> None:
    name = 'jQuery.extend(Drupal.settings, {"date_versus_rating":{"all":[]}}); <script>'
    profile = read(profile_page("nila_v", ROWS, name=name))
    assert (profile.rating, profile.texts["name"]) == (1604, name)


def test_days_when_a_streak_was_frozen_are_no_days() -> None:
    days = [{"date": "2026-1-6", "value": 0}, {"date": "2026-11-30", "value": "2"}]
    activity = read(profile_page("nila_v", days=days)).activity
    assert activity is not None
    assert activity.days == {date(2026, 11, 30): 2}


def test_the_mark_changes_with_a_submission_and_with_nothing_else() -> None:
    before = read(RATED).mark
    assert read(profile_page("nila_v", ROWS[:2], name="Other")).mark == before
    later = {"date": "2026-1-14", "value": 5}
    assert read(profile_page("nila_v", ROWS, days=[later])).mark != before
    assert read(profile_page("nila_v", ROWS, solved=76)).mark != before
    assert read(profile_page("nila_v", days=[])).mark


def test_a_renamed_account_is_followed() -> None:
    profile = CodeChef(FakeClient(world)).profiles(["Nila_2019"])["Nila_2019"]
    assert isinstance(profile, Profile)
    assert (profile.handle, profile.renamed_from) == ("nila_v", "Nila_2019")


def test_the_spelling_of_the_platform_is_no_new_name() -> None:
    profile = CodeChef(FakeClient(world)).profiles(["NILA_V"])["NILA_V"]
    assert isinstance(profile, Profile)
    assert (profile.handle, profile.renamed_from) == ("nila_v", None)


def test_a_team_is_not_found_and_called_a_team() -> None:
    found = outcome(at("/teams/view/nila_v", plain_page("Team nila_v")))
    assert isinstance(found, NotFound)
    assert "team" in found.message


def test_an_account_that_leads_elsewhere_is_not_found() -> None:
    assert isinstance(outcome(at("/", plain_page("Learn to code"))), NotFound)


@pytest.mark.parametrize("path", ["/login", "/maintenance.html"])
def test_a_page_for_everybody_says_nothing_about_a_handle(path: str) -> None:
    with pytest.raises(Transient):
        outcome(at(path, plain_page("Come back later")))


def test_a_missing_page_of_somebody_else_is_not_an_unknown_handle() -> None:
    page = "<html><h1>Not Found</h1>/users/codechef_fan was not found on this server.</html>"
    assert isinstance(outcome(at("/users/nila_v", page, 404)), ChangedLayout)


def test_a_page_in_the_new_design_concerns_only_its_handle() -> None:
    found = outcome(at("/users/nila_v", plain_page("A new design")))
    assert isinstance(found, ChangedLayout)


def test_a_page_cut_off_near_its_end_is_half_a_page() -> None:
    with pytest.raises(Transient):
        outcome(at("/users/nila_v", RATED[: RATED.rindex("</html>")]))


def test_a_challenge_is_blocked_even_as_a_missing_page() -> None:
    with pytest.raises(Blocked):
        outcome(at("/users/nila_v", CHALLENGE_PAGE.decode(), 404))


def test_the_last_good_answer_of_no_page_is_unrated() -> None:
    """Whatever is wrong with the data of a page, nobody becomes unrated by it."""
    deep = "[" * 100_000
    for wrong in ('{"all": [', '{"all": {}}', "{}", deep, "NaN", '{"all": [{"code": "X"}]}'):
        page = RATED.replace('"date_versus_rating": {', f'"date_versus_rating": {wrong}, "x": {{')
        assert page != RATED
        assert isinstance(outcome(at("/users/nila_v", page)), ChangedLayout), wrong


@pytest.mark.parametrize(
    "change",
    [
        {"rating": "many"},
        {"rating": "9" * 5_000},
        {"rating": 1e300},
        {"rating": "1390.5"},
        {"rank": "-3"},
        {"code": ""},
        {"code": "A\0B"},
        {"code": None},
        {"name": 5},
        {"end_date": "yesterday"},
        {"end_date": "0001-01-01 00:00:00"},
    ],
)
def test_an_odd_value_in_the_history_is_another_layout(change: dict[str, Any]) -> None:
    row = contest("START11D", "1390") | change
    page = profile_page("nila_v", [row], number="1390")
    assert isinstance(outcome(at("/users/nila_v", page)), ChangedLayout)


@pytest.mark.parametrize(
    "day", [{"date": "2026-13-1", "value": 1}, {"date": "today", "value": 1}, {"date": "2026-1"}, 7]
)
def test_an_odd_day_is_another_layout(day: object) -> None:
    page = profile_page("nila_v", ROWS, days=[day])
    assert isinstance(outcome(at("/users/nila_v", page)), ChangedLayout)


@pytest.mark.parametrize("seed", range(150))
def test_a_spoiled_page_is_an_error_or_the_same_rating_but_never_unrated(seed: int) -> None:
    rng, page = Random(seed), bytearray(RATED.encode())
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(page))
        page[place : place + rng.choice((0, 1, 5, 30))] = rng.choice(SPOILS)
    response = replace(at("/users/nila_v", ""), body=bytes(page))
    try:
        found = outcome(response)
    except Transient:
        return
    assert isinstance(found, ChangedLayout) or (
        isinstance(found, Profile) and found.rating is not None
    )


def test_signs_that_are_no_text_are_left_out() -> None:
    page = profile_page("nila_v", ROWS, name="Nila \0 V")
    assert read(page).texts["name"].startswith("Nila")
    broken = RATED.encode().replace(b"Varghese", b"\xff\xfe")
    response = replace(at("/users/nila_v", ""), body=broken)
    assert isinstance(outcome(response), Profile)


# --- handles


@pytest.mark.parametrize(
    "text",
    ["nila_v", "@nila_v", "codechef.com/users/nila_v", "https://www.codechef.com/users/nila_v/"],
)
def test_links_to_a_profile_are_understood(text: str) -> None:
    assert CodeChef.parse_handle(text) == "nila_v"


@pytest.mark.parametrize("text", ["https://www.codechef.com/teams/view/x", "a" * 41, "nila v"])
def test_other_text_is_no_handle(text: str) -> None:
    with pytest.raises(Invalid):
        CodeChef.parse_handle(text)


def test_stars_are_those_of_the_site() -> None:
    names = [CodeChef.tier(rating) for rating in (0, 1399, 1400, 1723, 1999, 2200, 2499, 3100)]
    assert [tier and tier.name for tier in names] == [
        "1★", "1★", "2★", "3★", "4★", "6★", "6★", "7★",
    ]  # fmt: skip
