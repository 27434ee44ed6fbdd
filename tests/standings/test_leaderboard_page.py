"""The leaderboard: who is compared, by what, from where on, and whose names are read there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts.models import Block, Follow, Membership, OnBoards, SeenBy, User
from codetrack.core.testing import HeldClock, hold_clock
from codetrack.standings import services
from codetrack.standings.models import Board, Period, Standing
from tests.cast import Cast
from tests.factories import MembershipFactory
from tests.standings.boards import LANTERN, NOON, ORDINARY, SCORE, SOLVED, crowd, only_kinds, put

PAGE = "/leaderboard/"
ROW = re.compile(r"<tr(?: class=\"(me)\")?[^>]*tabindex=\"-1\">(.*?)</tr>", re.DOTALL)


@pytest.fixture(autouse=True)
def held() -> Iterator[HeldClock]:
    with hold_clock(NOON) as held, only_kinds(SCORE, SOLVED, LANTERN, ORDINARY):
        yield held


def page_of(member: User, query: str = "") -> str:
    answer = signed_in(member).get(PAGE + query)
    assert answer.status_code == 200
    return answer.content.decode()


def signed_in(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


def text(html: str) -> str:
    """What is read, without the marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def rows(html: str) -> list[str]:
    return [text(row) for _me, row in ROW.findall(html)]


def names(html: str) -> list[str]:
    """Whoever is on the page, in order."""
    return [_name(own, row) for own, row in ROW.findall(html)]


def _name(own: str, row: str) -> str:
    found = re.search(r"/members/([^/\"]+)/\"", row)
    return found[1] if found else "you" if own else "-"


def said(html: str) -> str:
    found = re.search(r"id=\"said\">(.*?)</p>", html, re.DOTALL)
    assert found
    return text(found[1])


# --- who is compared ---------------------------------------------------------


def test_it_needs_an_account(client: Client, db: None) -> None:
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")


def test_the_institute_comes_first_with_the_best_at_the_top(cast: Cast) -> None:
    put({cast.alice: 4000, cast.bob: 5123, cast.charlie: 9000})
    page = page_of(cast.alice)
    assert names(page) == ["bob", "you"]
    first, second = rows(page)
    assert first.startswith("1 ")
    assert "512.3" in first
    assert "Alice Member · you" in second
    assert said(page) == "2 members stand here. Only proven accounts count."


def test_who_is_in_no_institute_begins_with_everybody(cast: Cast) -> None:
    put({cast.charlie: 4000, cast.bob: 5000})
    assert names(page_of(cast.charlie)) == ["-", "you"]
    page = page_of(cast.charlie, "?tab=institute")
    assert "You are in no institute yet" in page
    assert names(page) == []


def test_everybody_is_on_the_global_board_and_strangers_have_no_name(cast: Cast) -> None:
    put({cast.alice: 4000, cast.charlie: 9000})
    page = page_of(cast.alice, "?tab=global")
    assert names(page) == ["-", "you"]
    assert "Anonymous member" in page
    assert "have a name here if they let everybody see their page" in page
    assert "charlie" not in page.lower()
    User.objects.filter(pk=cast.charlie.pk).update(seen_by=SeenBy.SITE)
    assert names(page_of(cast.alice, "?tab=global")) == ["charlie", "you"]


def test_following_and_followers_are_compared_with_oneself(cast: Cast) -> None:
    put({cast.alice: 4000, cast.bob: 5000, cast.erin: 3000, cast.dana: 2000})
    Follow.objects.create(follower=cast.alice, followed=cast.bob)
    Follow.objects.create(follower=cast.erin, followed=cast.alice)
    assert names(page_of(cast.alice, "?tab=following")) == ["bob", "you"]
    assert names(page_of(cast.alice, "?tab=followers")) == ["you", "erin"]


# --- whose names are read ----------------------------------------------------


def test_an_anonymous_member_has_a_place_and_nothing_that_tells_who(cast: Cast) -> None:
    put({cast.alice: 4000, cast.bob: 5000})
    put({cast.bob: 77}, kind=SOLVED)
    stand(cast.bob, on_boards=OnBoards.ANONYMOUS)
    page = page_of(cast.alice)
    assert rows(page)[0].startswith("1 Anonymous member")
    assert not re.search(r"[Bb]ob|\b77\b| id=|href=|action=", ROW.findall(page)[0][1])
    assert names(page_of(cast.bob)) == ["you", "alice"]


def test_boards_of_known_people_leave_the_anonymous_out(cast: Cast) -> None:
    put({cast.alice: 4000, cast.bob: 5000})
    put({cast.erin: 3000})
    Follow.objects.create(follower=cast.alice, followed=cast.bob)
    Follow.objects.create(follower=cast.alice, followed=cast.erin)
    stand(cast.bob, on_boards=OnBoards.ANONYMOUS)
    assert names(page_of(cast.alice, "?tab=following")) == ["you", "erin"]


def test_the_anonymous_are_not_found_by_their_name(cast: Cast) -> None:
    put({cast.alice: 4000, cast.bob: 5000})
    stand(cast.bob, on_boards=OnBoards.ANONYMOUS)
    assert rows(page_of(cast.alice, "?q=bob")) == []
    assert names(page_of(cast.bob, "?q=bob")) == ["you"]


def test_who_blocked_somebody_has_no_name_for_them(cast: Cast) -> None:
    put({cast.alice: 4000, cast.bob: 5000})
    Block.objects.create(blocker=cast.bob, blocked=cast.alice)
    assert names(page_of(cast.alice)) == ["-", "you"]
    assert names(page_of(cast.dana)) == ["bob", "alice"]


def test_who_hides_is_not_there_and_is_told_so(cast: Cast) -> None:
    put({cast.alice: 4000, cast.bob: 5000})
    stand(cast.bob, on_boards=OnBoards.HIDDEN)
    assert names(page_of(cast.alice)) == ["you"]
    page = page_of(cast.bob)
    assert "You are hidden on boards" in page
    assert 'href="/settings/privacy/"' in page
    assert "500.0" in page
    assert names(page) == ["alice"]


def stand(member: User, *, on_boards: OnBoards) -> None:
    User.objects.filter(pk=member.pk).update(on_boards=on_boards)
    services.follow_members(members=[member.pk])


# --- by what, and who else ---------------------------------------------------


def test_another_kind_has_its_tiers(cast: Cast) -> None:
    put({cast.alice: 1250, cast.bob: 1847}, kind=LANTERN)
    put({cast.alice: 300}, kind=SOLVED)
    page = page_of(cast.alice, "?by=rating:lantern")
    first, second = rows(page)
    assert "1847 Expert" in first
    assert "1250 Pupil" in second
    assert "300" in second


def test_what_is_not_proven_comes_only_when_asked_for_and_says_so(cast: Cast) -> None:
    put({cast.alice: 4000})
    put({cast.bob: 5000}, proven=False)
    assert names(page_of(cast.alice)) == ["you"]
    page = page_of(cast.alice, "?unproven=1")
    assert names(page) == ["bob", "you"]
    assert "not proven" in rows(page)[0]
    assert "Accounts that nobody has proven count too." in said(page)


def test_stale_rows_are_marked_and_can_be_left_out(cast: Cast) -> None:
    put({cast.alice: 4000})
    put({cast.bob: 5000}, as_of=NOON - timedelta(days=9))
    assert "9 d ago stale" in rows(page_of(cast.alice))[0]
    assert names(page_of(cast.alice, "?fresh=1")) == ["you"]


def test_a_batch_and_a_country_can_be_chosen(cast: Cast) -> None:
    put({cast.alice: 4000, cast.bob: 5000})
    Membership.objects.filter(member=cast.alice).update(batch="2027")
    User.objects.filter(pk=cast.bob.pk).update(country="IN")
    services.follow_members(members=[cast.bob.pk])
    page = page_of(cast.alice, "?batch=2027")
    assert names(page) == ["you"]
    assert "<option selected>2027</option>" in page
    assert names(page_of(cast.alice, "?tab=global&country=IN")) == ["bob"]


def test_a_site_admin_chooses_among_institutes(cast: Cast) -> None:
    other = MembershipFactory(member=cast.charlie, institute__name="Far School").institute
    put({cast.alice: 4000, cast.charlie: 5000})
    assert names(page_of(cast.ada, f"?tab=institute&institute={other.slug}")) == ["charlie"]
    assert names(page_of(cast.ada, f"?tab=global&institute={other.slug}")) == ["charlie"]
    assert names(page_of(cast.alice, f"?tab=institute&institute={other.slug}")) == ["you"]


def test_the_week_shows_what_was_gained(cast: Cast) -> None:
    put({cast.alice: 4000, cast.bob: 5000})
    put({cast.alice: 310, cast.bob: -45}, period=Period.WEEK)
    page = page_of(cast.alice, "?period=week")
    assert names(page) == ["you", "bob"]
    assert "+31.0" in rows(page)[0]
    assert "−4.5" in rows(page)[1]
    assert "What was gained since Monday 16 November, 00:00 UTC." in text(page)
    assert "+31.0" in rows(page_of(cast.alice))[1]


def test_the_arrows_say_how_many_places(cast: Cast, held: HeldClock) -> None:
    with hold_clock(NOON - timedelta(days=7)):
        put({cast.alice: 4000, cast.bob: 5000, cast.erin: 4500})
    services.board_for(SCORE.key, Period.WEEK)
    put({cast.alice: 6000, cast.dana: 100})
    put({cast.alice: 2000}, period=Period.WEEK)
    arrows = rows(page_of(cast.alice))
    assert arrows[0].startswith("1 2 places up since Monday")
    assert arrows[1].startswith("2 1 place down since Monday")
    assert "new" in arrows[3]


def test_old_links_show_more_and_never_an_error(cast: Cast) -> None:
    put({cast.alice: 4000})
    page = page_of(
        cast.alice,
        "?tab=moon&by=rating:gone&period=year&institute=none&at=-3&country=Z&unproven=maybe",
    )
    assert names(page) == ["you"]


# --- from where on -----------------------------------------------------------


def test_pages_follow_each_other_without_gap_and_repetition(cast: Cast) -> None:
    crowd(cast.institute, 120)
    client, query, met = signed_in(cast.alice), "?tab=institute", list[str]()
    while query:
        page = client.get(PAGE + query).content.decode()
        met += names(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        query = found[1].replace("&amp;", "&") if found else ""
    assert met == [f"pupil{n:03}" for n in range(120)]
    back = re.search(r'rel="prev" href="([^"]+)"', page)
    assert back
    before = client.get(PAGE + back[1].replace("&amp;", "&")).content.decode()
    assert names(before) == met[50:100]


def test_my_row_is_there_on_a_page_that_i_am_not_on(cast: Cast) -> None:
    crowd(cast.institute, 60)
    put({cast.alice: 2945})
    Standing.objects.filter(member=cast.alice).update(lot=-1)  # she is the first of her equals
    page = page_of(cast.alice)
    assert names(page)[-1] == "you"
    own = rows(page)[-1]
    assert own.startswith("56 ")
    assert "0.1 to rank 55 · level with the next" in own
    assert len(rows(page)) == 51


def test_neighbours_are_those_of_the_list_and_not_of_what_was_found(cast: Cast) -> None:
    first, own, last = members = crowd(cast.institute, 3)
    for member in members:
        member.put_in_search()
    put({first: 4000, cast.alice: 3050, own: 3000, cast.bob: 2999, last: 1000})
    for query in ("", "?q=pupil"):
        assert "5.0 to rank 2 · 0.1 ahead of rank 4" in text(page_of(own, query))
    assert "95.0 ahead of rank 2" in text(page_of(first))
    assert "199.9 to rank 4" in text(page_of(last))


def test_jump_to_me_and_to_a_rank(cast: Cast) -> None:
    crowd(cast.institute, 120)
    put({cast.alice: 2950})
    assert "you" in names(page_of(cast.alice, "?at=me"))[20:30]
    assert rows(page_of(cast.alice, "?at=37"))[0].startswith("37 ")
    assert rows(page_of(cast.alice, "?at=999999999"))
    assert names(page_of(cast.bob, "?at=me"))[0] == "pupil000"


def test_a_handmade_cursor_is_told_kindly(cast: Cast) -> None:
    put({cast.alice: 4000})
    answer = signed_in(cast.alice).get(PAGE, {"cursor": "1000:2", "by": "solved"})
    assert answer.status_code == 200  # nobody stands there yet
    answer = signed_in(cast.alice).get(PAGE, {"cursor": "1000:2", "tab": "global"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Start again from its top" in page
    assert 'href="?tab=global"' in page


def test_members_are_found_as_one_types_with_their_rank(cast: Cast) -> None:
    put({cast.alice: 4000, cast.bob: 5000, cast.charlie: 6000})
    answer = signed_in(cast.alice).get(
        PAGE, {"q": "ali", "tab": "global"}, headers={"HX-Request": "true"}
    )
    part = answer.content.decode()
    assert part.lstrip().startswith("<div")
    assert "<html" not in part
    assert names(part) == ["you"]
    assert rows(part)[0].startswith("3 ")
    assert "One member here matches “ali”." in said(part)
    assert names(page_of(cast.alice, "?tab=global&q=charlie")) == []


@pytest.mark.parametrize(
    ("query", "title", "action"),
    [
        ("?by=solved", "No one here stands on this board yet", "Link an account of yours"),
        ("?by=rating:lantern", "No one here has linked Lantern yet", "Link an account of yours"),
        ("?tab=following", "Nobody to compare with yet", "Find members to follow"),
        ("?tab=followers", "Nobody to compare with yet", "Find members to follow"),
        ("?q=zzz", "Nobody matches", "Clear the filters"),
        ("?tab=global&country=AQ", "Nobody matches", "Clear the filters"),
        ("?batch=1999", "Nobody matches", "Clear the filters"),
        ("?period=week", "Nothing gained yet", "Show all time"),
    ],
)
def test_an_empty_list_says_why_and_what_to_do(
    cast: Cast, query: str, title: str, action: str
) -> None:
    put({cast.bob: 10})
    page = page_of(cast.dana, query)
    assert title in page
    assert action in page
    assert rows(page) == []


def test_an_admin_of_the_institute_is_offered_to_invite(cast: Cast) -> None:
    assert "Invite members" in page_of(cast.ada)


def test_who_is_on_a_board_can_be_followed_and_not_oneself(cast: Cast) -> None:
    put({cast.alice: 4000, cast.bob: 5000, cast.erin: 3000})
    Follow.objects.create(follower=cast.alice, followed=cast.bob)
    page = page_of(cast.alice)
    assert 'formaction="/members/bob/unfollow/"' in page
    assert 'formaction="/members/erin/follow/"' in page
    assert "/members/alice/follow/" not in page


def test_following_leads_back_to_the_same_place_and_is_said(cast: Cast) -> None:
    put({cast.alice: 4000, cast.bob: 5000})
    answer = signed_in(cast.alice).post(
        "/members/bob/follow/",
        {"next": f"{PAGE}?by=score", "part": "page"},
        follow=True,
        headers={"HX-Request": "true"},
    )
    assert answer.redirect_chain == [(f"{PAGE}?by=score", 302)]
    assert "You follow Bob Fellow." in answer["HX-Trigger"]
    assert 'formaction="/members/bob/unfollow/"' in answer.content.decode()


def test_the_list_comes_anew_when_its_board_changes(cast: Cast) -> None:
    put({cast.alice: 4000})
    put({cast.alice: 40}, period=Period.WEEK)
    whole = Board.objects.get(kind=SCORE.key, period=Period.ALL)
    week = Board.objects.get(kind=SCORE.key, period=Period.WEEK)
    me = f"member:{cast.alice.pk}"  # who leaves an institute sees its board no longer
    assert f'data-live="leaderboard:{whole.pk} {me}" hx-get="{PAGE}"' in page_of(cast.alice)
    assert f'data-live="leaderboard:{week.pk} {me}"' in page_of(cast.alice, "?period=week")


# --- what it costs -----------------------------------------------------------


def queries(client: Client, query: str) -> int:
    client.get(PAGE + query)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(PAGE + query).status_code == 200
    return len(seen)


@pytest.mark.parametrize("query", ["", "?tab=global", "?at=me", "?q=pupil", "?period=week"])
def test_it_costs_the_same_with_1_and_30_rows(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(models, "FETCH_PEERS", models.FETCH_RAISE)
    first, *others = crowd(cast.institute, 30)
    services.put(kind=SCORE.key, entries={other.pk: None for other in others})
    put({first: 10}, period=Period.WEEK)
    client = signed_in(cast.alice)
    few = queries(client, query)
    put({other: 100 + n for n, other in enumerate(others)})
    put(dict.fromkeys(others, 5), period=Period.WEEK)
    assert queries(client, query) == few
    assert few <= 14


@pytest.mark.parametrize("query", ["", "?tab=global", "?at=me", "?q=pupil"])
def test_ranks_of_the_page_and_of_its_viewer_are_asked_once(
    cast: Cast, held: HeldClock, query: str
) -> None:
    pupils = crowd(cast.institute, 60)
    held.at = NOON - timedelta(days=7)
    put(dict.fromkeys(pupils, 100) | {cast.alice: 50, cast.bob: 30})
    held.at = NOON
    put(dict.fromkeys(pupils, 200) | {cast.alice: 60})
    put(dict.fromkeys(pupils, 100) | {cast.alice: 10}, period=Period.WEEK)
    assert queries(signed_in(cast.alice), query) <= 16
