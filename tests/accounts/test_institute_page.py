"""The page of an institute: who sees what, and at what price."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import FieldFetchBlocked
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts import queries, services
from codetrack.accounts.models import User
from tests.cast import Cast
from tests.factories import InstituteFactory, MemberFactory, MembershipFactory

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]


def test_outsiders_find_no_page(client: Client, browser: Browser, cast: Cast) -> None:
    assert client.get("/institutes/hill/").url.startswith("/accounts/login/")
    assert browser(cast.charlie).get("/institutes/hill/").status_code == 404
    elsewhere = MembershipFactory().member
    assert browser(elsewhere).get("/institutes/hill/").status_code == 404


def test_who_only_asked_is_an_outsider(browser: Browser, cast: Cast) -> None:
    browser(cast.charlie).post("/institutes/hill/ask/")
    assert browser(cast.charlie).get("/institutes/hill/").status_code == 404


def test_members_see_members_and_no_addresses(browser: Browser, cast: Cast) -> None:
    page = browser(cast.alice).get("/institutes/hill/").content.decode()
    assert "Bob Fellow" in page and "/members/bob/" in page
    assert "Charlie" not in page and "@example.org" not in page
    assert "End membership" not in page


def test_what_cannot_be_undone_asks_first(browser: Browser, cast: Cast) -> None:
    services.make_institute_admin(membership=cast.membership(cast.erin), by=cast.ada)
    page = browser(cast.ada).get("/institutes/hill/").content.decode()
    bob = cast.membership(cast.bob).pk
    for dialog in (f"{bob}-end", "replace", "leave"):
        assert f'command="show-modal" commandfor="{dialog}"' in page
        _, _, inside = page.partition(f'<dialog class="dialog" id="{dialog}"')
        assert 'method="post"' in inside.partition("</dialog>")[0]


def test_the_only_admin_is_told_before_what_to_do_first(browser: Browser, cast: Cast) -> None:
    path, own = "/institutes/hill/", cast.membership(cast.ada).pk
    page = browser(cast.ada).get(path).content.decode()
    assert "You are the only admin of Hill College." in page
    assert 'commandfor="leave"' not in page and f"{path}members/{own}/step-down/" not in page
    services.make_institute_admin(membership=cast.membership(cast.bob), by=cast.ada)
    page = browser(cast.ada).get(path).content.decode()
    assert "only admin" not in page.lower()
    assert 'commandfor="leave"' in page and f"{path}members/{own}/step-down/" in page


def test_the_site_admin_is_not_offered_to_remove_the_only_admin(
    browser: Browser, cast: Cast
) -> None:
    head = MembershipFactory(institute=InstituteFactory(slug="other"), is_admin=True)
    alone = browser(cast.ada).get("/institutes/other/").content.decode()
    assert f'commandfor="{head.pk}-end"' in alone
    MembershipFactory(institute=head.institute)
    page = browser(cast.ada).get("/institutes/other/").content.decode()
    assert f'commandfor="{head.pk}-end"' not in page and "The only admin" in page


def test_the_site_admin_looks_in_everywhere(browser: Browser, cast: Cast) -> None:
    other = InstituteFactory(slug="other")
    MembershipFactory(institute=other)
    assert browser(cast.ada).get("/institutes/other/").status_code == 200


@pytest.mark.parametrize("who", ["alice", "ada"])
def test_it_costs_the_same_with_1_and_200_members(browser: Browser, cast: Cast, who: str) -> None:
    client = browser(getattr(cast, who))
    client.get("/institutes/hill/")
    few = count(client)
    for n in range(200):
        MembershipFactory(institute=cast.institute, member=bare_member(n))
    assert count(client) == few


def count(client: Client) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/institutes/hill/").status_code == 200
    return len(seen)


def bare_member(n: int) -> User:
    return User.objects.create(
        username=f"pupil{n:03}", name=f"Pupil {n:03}", email=f"pupil{n}@example.org"
    )


def test_lists_load_what_they_show(cast: Cast) -> None:
    """A relation that was not loaded on purpose raises here."""
    for rows in (
        queries.members_of(cast.institute),
        queries.requests_to(cast.institute),
        queries.invited_to(cast.institute),
        queries.memberships_of(cast.institute),
    ):
        for row in rows.raising():
            assert row.member.shown_name
    with pytest.raises(FieldFetchBlocked):
        _ = cast.institute.memberships.all().raising()[0].member


def test_long_lists_go_on_by_key(browser: Browser, cast: Cast) -> None:
    for n in range(120):
        MembershipFactory(institute=cast.institute, member=bare_member(n))
    client, seen, path = browser(cast.alice), [], "/institutes/hill/"
    while path:
        page = client.get(path).context["members"]
        seen += [row.member.name for row in page.items]
        path = f"/institutes/hill/?after={page.next}" if page.next else ""
    assert seen == sorted(seen) and len(seen) == 125


def test_a_made_up_place_in_the_list_is_told(browser: Browser, cast: Cast) -> None:
    response = browser(cast.alice).get("/institutes/hill/?after=made-up")
    assert response.status_code == 422 and "beginning" in response.content.decode()


def test_members_that_were_switched_off_are_not_listed(browser: Browser, cast: Cast) -> None:
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert "Bob" not in browser(cast.alice).get("/institutes/hill/").content.decode()


def test_members_are_found_by_name_and_username(browser: Browser, cast: Cast) -> None:
    for text in ("bo", "Fellow", "bob fel"):
        page = browser(cast.alice).get("/members/", {"q": text})
        assert [one.member.username for one in page.context["people"]] == ["bob"]


def test_without_a_word_fellows_are_listed(browser: Browser, cast: Cast) -> None:
    page = browser(cast.alice).get("/members/")
    names = [one.member.username for one in page.context["people"]]
    assert names == ["ada", "alice", "bob", "dana", "erin"]


def test_outsiders_find_only_themselves(client: Client, browser: Browser, cast: Cast) -> None:
    assert client.get("/members/").url.startswith("/accounts/login/")
    assert browser(cast.charlie).get("/members/", {"q": "bob"}).context["people"] == []
    listed = browser(cast.charlie).get("/members/").context["people"]
    assert [one.member.username for one in listed] == ["charlie"]


def test_a_new_name_is_found_and_the_old_one_is_not(browser: Browser, cast: Cast) -> None:
    browser(cast.bob).post(
        "/settings/profile/",
        {"name": "Robert New", "username": "robert", "about": "", "time_zone": "UTC"},
    )
    found = browser(cast.alice).get("/members/", {"q": "robert"}).context["people"]
    assert [one.member.username for one in found] == ["robert"]
    assert browser(cast.alice).get("/members/", {"q": "fellow"}).context["people"] == []


def test_finding_members_costs_the_same_for_1_and_30(browser: Browser, cast: Cast) -> None:
    client = browser(cast.alice)
    client.get("/members/", {"q": "pupil"})
    MembershipFactory(institute=cast.institute, member=MemberFactory(username="pupil-one"))
    with CaptureQueriesContext(connection) as one:
        client.get("/members/", {"q": "pupil"})
    for n in range(30):
        member = MemberFactory(username=f"pupil{n}")
        MembershipFactory(institute=cast.institute, member=member)
    with CaptureQueriesContext(connection) as many:
        client.get("/members/", {"q": "pupil"})
    assert len(one) == len(many)
