"""The settings page of handles, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.models import Job
from codetrack.core.testing import HeldClock
from codetrack.platforms.base import (
    Blocked,
    NotFound,
    PlatformError,
    Private,
    Profile,
    RateLimited,
    Transient,
)
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Handle, Snapshot

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]
PAGE = "/settings/handles/"
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def browser(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def read(claim: Claim, found: Profile | PlatformError) -> None:
    services.apply_profiles(found={claim.handle_id: found}, at=house.now())


def verified(claim: Claim) -> Claim:
    claim.verified_at = house.now()
    claim.save()
    return claim


def shown(browser: Client) -> str:
    page = browser.get(PAGE)
    assert page.status_code == 200
    return page.content.decode()


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(PAGE).url.startswith(reverse("account_login"))


def test_it_is_found_among_the_settings(browser: Client) -> None:
    assert f'href="{PAGE}"' in browser.get("/settings/profile/").content.decode()


def test_without_a_handle_there_is_one_field(browser: Client) -> None:
    page = shown(browser)
    assert "Your Codeforces handle" in page
    assert f'action="{PAGE}codeforces/link/"' in page


def test_linking_goes_back_to_the_list(browser: Client, alice: User) -> None:
    answer = browser.post(f"{PAGE}codeforces/link/", {"text": "@nila_v"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert Claim.objects.get(member=alice).handle.shown == "nila_v"
    page = answer.content.decode()
    assert "not read yet" in page
    assert "not proven" in page
    assert f'action="{PAGE}codeforces/link/"' not in page


@pytest.mark.parametrize(
    ("text", "said"),
    [("no spaces", "cannot be a Codeforces handle"), ("", "Type your handle on Codeforces.")],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    browser: Client, text: str, said: str
) -> None:
    page = browser.post(f"{PAGE}codeforces/link/", {"text": text}).content.decode()
    assert said in page
    assert 'aria-invalid="true"' in page
    assert f'value="{text}"' in page or not text
    assert not Claim.objects.exists()


def test_an_unknown_platform_is_said_in_words(browser: Client) -> None:
    answer = browser.post(f"{PAGE}myspace/link/", {"text": "tom"})
    assert answer.status_code == 422
    assert "does not follow that platform" in answer.content.decode()


def test_a_reading_shows_rating_state_and_age(browser: Client, link: Link, alice: User) -> None:
    read(link(alice), Profile(handle="Nila_V", rating=1847, max_rating=1871))
    page = shown(browser)
    assert "1847" in page
    assert "Expert" in page
    assert "https://codeforces.com/profile/Nila_V" in page


def test_an_unknown_handle_says_what_to_do(browser: Client, link: Link, alice: User) -> None:
    read(link(alice), NotFound("Codeforces has no account “nila_v”."))
    page = shown(browser)
    assert "not found" in page
    assert "Check the spelling" in page
    assert "Prove it" not in page


def test_a_slip_of_the_pen_is_corrected_in_the_row(
    browser: Client, link: Link, alice: User
) -> None:
    claim = link(alice, "nila_w")
    read(claim, NotFound("Codeforces has no account “nila_w”."))
    page = shown(browser)
    assert f'id="correct-{claim.pk}" hx-preserve open' in page
    assert 'value="nila_w"' in page
    answer = browser.post(f"{PAGE}{claim.pk}/change/", {"text": "nila_v"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert Claim.objects.open().get(member=alice).handle.canonical == "nila_v"


def test_a_handle_is_changed_in_place(browser: Client, link: Link, alice: User) -> None:
    claim = verified(link(alice))
    assert f'id="change-{claim.pk}" hx-preserve>' in shown(browser)
    for _ in range(2):  # a double submit
        answer = browser.post(f"{PAGE}{claim.pk}/change/", {"text": "asel_b"}, follow=True)
        assert answer.status_code == 200
        assert "asel_b" in answer.content.decode()
    assert Claim.objects.filter(member=alice).count() == 2


@pytest.mark.parametrize("text", ["no spaces", ""])
def test_what_is_wrong_with_a_change_is_said_in_the_row(
    browser: Client, link: Link, alice: User, text: str
) -> None:
    claim = link(alice)
    page = browser.post(f"{PAGE}{claim.pk}/change/", {"text": text}).content.decode()
    assert f'id="change-{claim.pk}" hx-preserve open' in page
    assert 'aria-invalid="true"' in page
    assert f'value="{text}"' in page or not text
    assert Claim.objects.open().get(member=alice) == claim


def test_a_failure_says_when_the_next_try_is(browser: Client, link: Link, alice: User) -> None:
    claim = link(alice)
    read(claim, Profile(handle="nila_v", rating=1847))
    down = Transient("codeforces.com is not available at the moment (HTTP 503).")
    services.record_failure(handles=[claim.handle_id], error=down, at=house.now())
    page = shown(browser)
    assert "Codeforces could not be read when we last asked. What was read before is kept." in page
    assert "codeforces.com is" not in page
    assert "Next try" in page
    assert "1847" in page


def test_who_asks_us_to_slow_down_is_not_said_to_be_down(
    browser: Client, link: Link, alice: User
) -> None:
    claim = link(alice)
    read(claim, Profile(handle="nila_v", rating=1847))
    slow = RateLimited("codeforces.com", retry_after=3600)
    services.record_failure(handles=[claim.handle_id], error=slow, at=house.now())
    page = shown(browser)
    assert "Codeforces asked us to slow down, so we wait before we ask again." in page
    assert "could not be read" not in page
    assert 'Next try <time datetime="2026-11-21T13:00:00' in page


def test_only_an_admin_is_told_what_to_set(browser: Client, link: Link, alice: User) -> None:
    claim = link(alice)
    read(claim, Blocked("codeforces.com does not let this server in (HTTP 403)."))
    page = shown(browser)
    assert "Codeforces does not let this site in at the moment." in page
    assert "CODETRACK_" not in page
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    page = shown(browser)
    for name in ("CONTACT", "CODEFORCES_PROXY", "CODEFORCES_URL"):
        assert f"CODETRACK_{name}" in page


def test_a_hidden_account_is_told_how_to_show_itself(
    browser: Client, link: Link, alice: User
) -> None:
    claim = link(alice)
    read(claim, Profile(handle="nila_v", rating=1847))
    services.record_failure(handles=[claim.handle_id], error=Private("It hides."), at=house.now())
    page = shown(browser)
    assert "This account is hidden on Codeforces" in page
    assert "1847" in page


def test_a_platform_that_is_switched_off_is_said_so(
    browser: Client, link: Link, alice: User, settings: Settings
) -> None:
    read(link(alice), Profile(handle="nila_v", rating=1847))
    off = {**settings.PLATFORMS["codeforces"], "enabled": False}
    settings.PLATFORMS = {**settings.PLATFORMS, "codeforces": off}
    page = shown(browser)
    assert "Codeforces is switched off on this site" in page
    assert "1847" in page
    for gone in ("Refresh now", "Prove it", "Name another", "codeforces/link/"):
        assert gone not in page


def test_a_provisional_rating_is_marked(browser: Client, link: Link, alice: User) -> None:
    read(link(alice), Profile(handle="nila_v", rating=912))
    assert "provisional" not in shown(browser)
    Snapshot.objects.update(provisional=True)
    assert "calls this rating provisional" in shown(browser)


def test_the_time_of_the_next_reading_is_told(browser: Client, link: Link, alice: User) -> None:
    claim = link(alice)
    read(claim, Profile(handle="nila_v", rating=1847))
    Handle.objects.update(next_sync_at=house.now() + timedelta(hours=3), asked_at=None)
    assert "read again" in shown(browser)
    assert "in 3 h" in shown(browser)


def test_somebody_never_rated_is_told_so(browser: Client, link: Link, alice: User) -> None:
    read(link(alice), Profile(handle="nila_v"))
    assert "Not rated yet" in shown(browser)


def test_others_who_name_it_are_counted_but_not_named(
    browser: Client, link: Link, alice: User, bob: User
) -> None:
    link(alice)
    link(bob)
    page = shown(browser)
    assert "1 other member names this handle too" in page
    assert "Bob" not in page


def test_a_handle_that_somebody_proved_is_explained(
    browser: Client, link: Link, alice: User, bob: User
) -> None:
    link(alice)
    verified(link(bob))
    assert "Another member has proven this handle" in shown(browser)


def test_a_lost_handle_is_told_until_another_is_linked(
    browser: Client, link: Link, alice: User
) -> None:
    claim = verified(link(alice))
    Claim.objects.update(ended_at=house.now(), end=Claim.End.LOST)
    assert "Another member has proven that nila_v on Codeforces is theirs" in shown(browser)
    link(alice, "tourist")
    assert "is theirs" not in shown(browser)
    assert claim.handle.canonical == "nila_v"


def test_refresh_works_without_scripts(browser: Client, link: Link, alice: User) -> None:
    claim = link(alice)
    Handle.objects.update(asked_at=None)
    answer = browser.post(f"{PAGE}{claim.pk}/refresh/", follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "asked for" in answer.content.decode()


def test_refresh_with_scripts_answers_with_the_row(
    browser: Client, link: Link, alice: User
) -> None:
    claim = link(alice)
    answer = browser.post(f"{PAGE}{claim.pk}/refresh/", headers=FRAGMENT, follow=True)
    fragment = answer.content.decode()
    assert fragment.strip().startswith("<div")
    assert 'hx-trigger="every 2s"' in fragment


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_refresh_too_often_says_so_beside_the_handle(
    browser: Client, link: Link, alice: User, headers: dict[str, str]
) -> None:
    address = f"{PAGE}{link(alice).pk}/refresh/"
    for _ in range(7):
        answer = browser.post(address, headers=headers, follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "That was a bit too often." in page
    assert ("<main" in page) is not bool(headers)


def test_an_account_denied_once_is_not_taken_for_a_platform_in_trouble(
    browser: Client, link: Link, alice: User, clock: HeldClock
) -> None:
    claim = link(alice)
    read(claim, Profile(handle="nila_v", rating=1847))
    clock.forward(minutes=2)
    read(claim, NotFound("No such account."))
    page = browser.get(PAGE).content.decode()
    assert "Codeforces said that there is no such account. We ask once more" in page
    assert "could not be read" not in page
    assert "Codeforces not reached" not in page


def test_while_it_waits_its_place_in_the_queue_is_told(
    browser: Client, link: Link, alice: User, bob: User
) -> None:
    link(bob, "asel_b")
    claim = link(alice)
    assert "1 before yours" in shown(browser)
    read(claim, Profile(handle="nila_v", rating=1847))
    assert "before yours" not in shown(browser)


def test_the_row_stops_asking_once_it_was_read(browser: Client, link: Link, alice: User) -> None:
    claim = link(alice)
    read(claim, Profile(handle="nila_v", rating=1847))
    row = browser.get(f"{PAGE}{claim.pk}/", headers=FRAGMENT).content.decode()
    assert "1847" in row
    assert "every 2s" not in row


def test_unlinking_says_what_happens_first(browser: Client, link: Link, alice: User) -> None:
    claim = link(alice)
    page = browser.get(f"{PAGE}{claim.pk}/unlink/").content.decode()
    assert "Unlink nila_v?" in page
    assert "come back when you link it again" in page
    claim.refresh_from_db()
    assert claim.ended_at is None
    answer = browser.post(f"{PAGE}{claim.pk}/unlink/", follow=True)
    assert "nila_v is no longer linked." in answer.content.decode()
    claim.refresh_from_db()
    assert claim.ended_at is not None


@pytest.mark.parametrize("path", ["", "refresh/", "unlink/", "proof/", "proof/check/", "change/"])
def test_an_outsider_finds_nothing(
    client: Client, link: Link, alice: User, charlie: User, path: str
) -> None:
    claim = link(alice)
    client.force_login(charlie)
    jobs = Job.objects.count()
    method = client.get if path in {"", "proof/"} else client.post
    assert method(f"{PAGE}{claim.pk}/{path}").status_code == 404
    assert Job.objects.count() == jobs


@pytest.mark.parametrize("path", ["refresh/", "proof/check/", "change/"])
def test_changes_need_a_post(browser: Client, link: Link, alice: User, path: str) -> None:
    assert browser.get(f"{PAGE}{link(alice).pk}/{path}").status_code == 405
