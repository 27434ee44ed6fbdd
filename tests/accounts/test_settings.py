"""The settings of a member: profile, sessions, tokens; and times in their zone."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils.translation import override
from pytest_django import Settings

from codetrack.accounts import countries, services, zones
from codetrack.accounts.models import ApiToken, Membership, User
from codetrack.core.errors import NotAllowed, Problem
from codetrack.core.models import Event
from tests.accounts.mails import link_to
from tests.cast import Cast
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]

PAGES = [
    "/settings/profile/",
    "/settings/privacy/",
    "/settings/security/",
    "/settings/tokens/",
    "/institutes/",
]


@pytest.mark.parametrize("path", PAGES)
def test_settings_are_for_members(client: Client, browser: Browser, cast: Cast, path: str) -> None:
    assert client.get(path).url == f"/accounts/login/?next={path}"
    assert browser(cast.charlie).get(path).status_code == 200


def profile(**more: str) -> dict[str, str]:
    same = {"name": "Alice Member", "username": "alice", "about": "", "time_zone": "UTC"}
    return {**same, **more}


# --- profile -----------------------------------------------------------------


def test_a_profile_is_changed(browser: Browser, cast: Cast) -> None:
    browser(cast.alice).post("/settings/profile/", profile(name="Al", time_zone="Asia/Tokyo"))
    cast.alice.refresh_from_db()
    assert (cast.alice.name, cast.alice.time_zone) == ("Al", "Asia/Tokyo")
    assert Event.objects.get().data == {"fields": ["name", "time_zone"]}


def test_a_name_is_one_line(cast: Cast) -> None:
    """It stands in mails to others, where lines of its own would look like ours."""
    services.update_profile(member=cast.alice, **profile(name=" Bo\r\n\nYour account\u2028ends "))
    assert cast.alice.name == "Bo Your account ends"


def test_a_country_is_chosen_by_its_name(browser: Browser, cast: Cast) -> None:
    alice = browser(cast.alice)
    page = alice.get("/settings/profile/").content.decode()
    assert '<option value="IN">India</option>' in page and ">Not said</option>" in page
    assert page.index(">Åland Islands<") < page.index(">Albania<")
    alice.post("/settings/profile/", profile(country="IN"))
    cast.alice.refresh_from_db()
    assert cast.alice.country == "IN"
    assert Event.objects.get().data == {"fields": ["country"]}
    assert "India" in alice.get("/members/alice/").content.decode()
    with override("de"):
        assert countries.name("IN") == "Indien"
    alice.post("/settings/profile/", profile())
    cast.alice.refresh_from_db()
    assert cast.alice.country == ""


@pytest.mark.parametrize("code", ["ZZ", "EU", "001", "I", "india"])
def test_what_is_no_country_is_refused(browser: Browser, cast: Cast, code: str) -> None:
    page = browser(cast.alice).post("/settings/profile/", profile(country=code))
    assert "country" in page.context["form"].errors
    with pytest.raises(Problem):
        services.update_profile(member=cast.alice, **profile(country=code))


def test_nothing_changed_is_no_event(browser: Browser, cast: Cast) -> None:
    assert browser(cast.alice).post("/settings/profile/", profile()).status_code == 302
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("username", "BOB"), ("username", "a b"), ("time_zone", "Mars/Olympus"), ("about", "x" * 281)],
)
def test_what_cannot_be_used_is_told_and_kept_in_the_form(
    browser: Browser, cast: Cast, field: str, value: str
) -> None:
    page = browser(cast.alice).post("/settings/profile/", profile(**{field: value}))
    assert field in page.context["form"].errors
    assert page.context["user"].username == "alice"
    cast.alice.refresh_from_db()
    assert (cast.alice.username, cast.alice.time_zone, cast.alice.about) == ("alice", "UTC", "")


def test_a_username_taken_in_the_last_moment_is_told(cast: Cast) -> None:
    with pytest.raises(Problem) as caught:
        services.update_profile(member=cast.alice, **profile(username="bob"))
    assert caught.value.field == "username"


def test_an_unknown_time_zone_is_refused(cast: Cast) -> None:
    services.set_time_zone(member=cast.alice, time_zone="Asia/Kolkata")
    with pytest.raises(Problem):
        services.set_time_zone(member=cast.alice, time_zone="Mars/Olympus")
    cast.alice.refresh_from_db()
    assert cast.alice.time_zone == "Asia/Kolkata"


def test_a_time_zone_is_offered_by_its_name_of_today(browser: Browser, cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.pk).update(time_zone="Asia/Calcutta")
    page = browser(cast.alice).get("/settings/profile/").content.decode()
    assert '<option value="Asia/Kolkata" selected>' in page and "Asia/Calcutta" not in page
    assert "times in Asia/Kolkata" in page


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("US/Eastern", "America/New_York"),
        ("Europe/Amsterdam", "Europe/Amsterdam"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("UTC", "UTC"),
    ],
)
def test_a_former_name_of_a_time_zone_is_kept_as_that_of_today(
    cast: Cast, said: str, kept: str
) -> None:
    services.set_time_zone(member=cast.alice, time_zone="Asia/Tokyo")
    services.set_time_zone(member=cast.alice, time_zone=said)
    cast.alice.refresh_from_db()
    assert cast.alice.time_zone == kept


def test_every_zone_is_offered_once_or_known_by_another_name() -> None:
    offered = zones.offered()
    assert len(set(offered)) == len(offered) > 400
    assert all(zones.canonical(name) == name for name in offered)
    places = {name for name in zones.names() if "/" in name and not name.startswith("Etc/")}
    assert {zones.canonical(name) for name in places} <= set(offered)


def test_times_are_shown_in_the_members_zone(browser: Browser, cast: Cast) -> None:
    night = datetime(2026, 5, 3, 22, 0, tzinfo=UTC)
    Membership.objects.filter(member=cast.bob).update(joined_at=night)
    assert "3 May 2026" in browser(cast.alice).get("/institutes/hill/").content.decode()
    services.set_time_zone(member=cast.alice, time_zone="Asia/Kolkata")
    assert "4 May 2026" in browser(cast.alice).get("/institutes/hill/").content.decode()


def test_a_zone_that_no_longer_exists_is_utc(browser: Browser, cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.pk).update(time_zone="Gone/Away")
    assert browser(cast.alice).get("/institutes/hill/").status_code == 200
    assert browser(cast.alice).get("/settings/profile/").status_code == 200


# --- sessions ----------------------------------------------------------------


def sign_in(
    member: User, user_agent: str = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
) -> Client:
    client = Client(headers={"user-agent": user_agent})
    client.post("/accounts/login/", {"login": member.username, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


def test_sessions_are_listed_and_ended(cast: Cast) -> None:
    here, there = sign_in(cast.alice), sign_in(cast.alice, "Mozilla/5.0 (iPhone) Safari/604.1")
    page = here.get("/settings/security/")
    assert "Firefox on Linux" in page.content.decode()
    assert "Safari on iPhone" in page.content.decode()
    other = next(row for row, _ in page.context["sessions"] if "iPhone" in row.user_agent)
    here.post("/settings/security/sessions/", {"session": other.pk})
    assert there.get("/settings/security/").status_code == 302
    assert here.get("/settings/security/").status_code == 200


def test_all_other_sessions_are_ended_at_once(cast: Cast) -> None:
    here, *others = [sign_in(cast.alice) for _ in range(3)]
    here.post("/settings/security/sessions/", {"session": "others"})
    assert [client.get("/settings/security/").status_code for client in others] == [302, 302]
    assert here.get("/settings/security/").status_code == 200
    assert Event.objects.get().data == {"count": 2}


def test_nobody_ends_the_session_of_another(cast: Cast) -> None:
    alice, bob = sign_in(cast.alice), sign_in(cast.bob)
    row = bob.get("/settings/security/").context["sessions"][0][0]
    alice.post("/settings/security/sessions/", {"session": row.pk})
    alice.post("/settings/security/sessions/", {"session": "others"})
    assert bob.get("/settings/security/").status_code == 200


# --- tokens ------------------------------------------------------------------


NEW_TOKEN = {"name": "stats", "days": "90"}


def make_token(client: Client, **data: str) -> str:
    """Makes a token on the page."""
    page = client.post("/settings/tokens/", {**NEW_TOKEN, **data}, follow=True)
    return str(page.context["secret"])


def test_later_the_password_is_asked_for_and_the_form_is_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, later = sign_in(cast.alice), time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    asked = client.post("/settings/tokens/", NEW_TOKEN)
    assert asked.url.startswith("/accounts/reauthenticate/")
    again = client.post(asked.url, {"password": "wrong password"})
    assert again.status_code == 200 and not ApiToken.objects.exists()
    made = client.post(asked.url, {"password": PASSWORD}, follow=True)
    assert made.request["PATH_INFO"] == "/settings/tokens/"
    assert made.context["secret"] and ApiToken.objects.get().name == "stats"


def test_a_token_is_shown_once(cast: Cast) -> None:
    client = sign_in(cast.alice)
    secret = make_token(client)
    token = ApiToken.objects.get()
    assert secret.startswith(f"ct_{token.prefix}_") and secret not in token.digest
    page = client.get("/settings/tokens/").content.decode()
    assert secret not in page and token.prefix in page
    assert not token.may_write and token.expires_at
    assert Event.objects.get().data == {"token_id": token.pk, "may_write": False}


def test_the_secret_goes_to_the_next_page_by_the_browser_alone(
    cast: Cast, settings: Settings
) -> None:
    settings.SECURE = True
    client = sign_in(cast.alice)
    cookie = client.post("/settings/tokens/", NEW_TOKEN).cookies["made_now"]
    assert cookie["httponly"] and cookie["secure"] and cookie["samesite"] == "Strict"
    assert (cookie["path"], cookie["max-age"]) == ("/settings/tokens/", 60)
    secret = cookie.value.partition(":")[0]
    assert secret.startswith("ct_") and secret not in str(dict(client.session))
    over = client.get("/settings/tokens/").cookies["made_now"]
    assert (over.value, over["path"], over["max-age"]) == ("", "/settings/tokens/", 0)


def test_a_secret_nobody_looked_at_is_gone_after_a_minute(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(cast.alice)
    client.post("/settings/tokens/", NEW_TOKEN)
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.get("/settings/tokens/").context["secret"] == ""


def test_the_secret_is_shown_to_nobody_else_in_this_browser(cast: Cast) -> None:
    client = sign_in(cast.alice)
    client.post("/settings/tokens/", NEW_TOKEN)
    bob = sign_in(cast.bob)
    bob.cookies["made_now"] = client.cookies["made_now"].value
    assert bob.get("/settings/tokens/").context["secret"] == ""


def test_a_token_may_be_made_to_write_for_ever(cast: Cast) -> None:
    make_token(sign_in(cast.alice), may_write="on", days="0")
    token = ApiToken.objects.get()
    assert token.may_write and token.expires_at is None


def test_a_token_is_revoked(browser: Browser, cast: Cast) -> None:
    token, _ = services.create_token(owner=cast.alice, name="stats")
    browser(cast.alice).post(f"/settings/tokens/{token.pk}/revoke/")
    assert not ApiToken.objects.exists()


def test_revoking_asks_first(browser: Browser, cast: Cast) -> None:
    token, _ = services.create_token(owner=cast.alice, name="stats")
    page = browser(cast.alice).get("/settings/tokens/").content.decode()
    assert f'command="show-modal" commandfor="{token.pk}-revoke"' in page
    _, _, inside = page.partition(f'<dialog class="dialog" id="{token.pk}-revoke"')
    assert f"/settings/tokens/{token.pk}/revoke/" in inside.partition("</dialog>")[0]


def test_nobody_revokes_the_token_of_another(browser: Browser, cast: Cast) -> None:
    token, _ = services.create_token(owner=cast.alice, name="stats")
    assert browser(cast.bob).post(f"/settings/tokens/{token.pk}/revoke/").status_code == 404
    with pytest.raises(NotAllowed):
        services.revoke_token(token=token, by=cast.bob)
    services.revoke_token(token=token, by=cast.ada)


def test_there_is_an_end_to_tokens(cast: Cast) -> None:
    for n in range(20):
        services.create_token(owner=cast.alice, name=f"{n}")
    with pytest.raises(Problem):
        services.create_token(owner=cast.alice, name="one more")


# --- address -----------------------------------------------------------------


def test_a_changed_address_counts_once_it_is_confirmed(cast: Cast) -> None:
    client = sign_in(cast.charlie)
    cast.institute.domains.create(domain="hill.example")
    client.post("/accounts/email/", {"action_add": "", "email": "c@hill.example"})
    cast.charlie.refresh_from_db()
    assert cast.charlie.email == "charlie@example.org"
    asked = client.get(link_to("c@hill.example")).content.decode()
    assert "did not sign up" not in asked and "your account is open" not in asked
    assert client.post(link_to("c@hill.example")).url == "/settings/security/"
    cast.charlie.refresh_from_db()
    assert cast.charlie.email == "c@hill.example"
    assert EmailAddress.objects.filter(user=cast.charlie).count() == 1
    assert cast.membership(cast.charlie).way == Membership.Way.DOMAIN
