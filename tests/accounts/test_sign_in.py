"""Signing in, resetting a password, and what a guesser gets to see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from codetrack.accounts.models import User
from codetrack.core.models import OutgoingMail
from tests.accounts.mails import link_to, mails_to
from tests.accounts.test_sign_up import is_signed_in, plain
from tests.cast import Cast
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]

LOGIN = "/accounts/login/"


@pytest.mark.parametrize(
    "login", ["alice", "ALICE", "alice@example.org", "Alice@Example.org", "alice@ｅxample.org"]
)
def test_by_username_or_address(client: Client, cast: Cast, login: str) -> None:
    assert client.post(LOGIN, {"login": login, "password": PASSWORD}).url == "/start/"


def test_a_wrong_password_looks_like_an_unknown_member(cast: Cast) -> None:
    known, unknown = ("alice", "alice@example.org"), ("nobody", "nobody@example.org")
    answers = []
    for login in (*known, *unknown):
        page = Client().post(LOGIN, {"login": login, "password": "wrong password"})
        assert "These two do not fit together." in page.content.decode()
        answers.append(plain(page.content.decode(), login))
    assert len(set(answers)) == 1


@pytest.mark.parametrize(
    ("path", "field"),
    [("/accounts/reauthenticate/", "password"), ("/accounts/password/change/", "oldpassword")],
)
def test_a_wrong_password_of_ones_own_is_told_in_our_words(
    browser: Browser, cast: Cast, path: str, field: str
) -> None:
    new = {"password1": "another long secret", "password2": "another long secret"}
    page = browser(cast.alice).post(path, {**new, field: "wrong password"})
    assert page.context["form"].errors[field] == ["That is not your password. Try once more."]


@pytest.mark.parametrize("login", ["alice", "nobody", "alice@example.org", "nobody@example.org"])
def test_a_wrong_password_costs_the_same_for_everybody(
    client: Client, cast: Cast, hashes: list[str], login: str
) -> None:
    client.post(LOGIN, {"login": login, "password": "wrong password"})
    assert len(hashes) == 1


def test_guessing_is_stopped_for_one_account_not_for_the_room(client: Client, cast: Cast) -> None:
    for _ in range(6):
        page = client.post(LOGIN, {"login": "alice", "password": "wrong password"})
    assert "Too many" in page.content.decode()
    client.post(LOGIN, {"login": "alice", "password": PASSWORD})
    assert not is_signed_in(client)
    client.post(LOGIN, {"login": "bob", "password": PASSWORD})
    assert is_signed_in(client)


def test_members_that_were_switched_off_stay_outside(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    client.post(LOGIN, {"login": "alice", "password": PASSWORD})
    assert not is_signed_in(client)


def test_a_password_is_reset_by_mail(client: Client, cast: Cast) -> None:
    client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    form = client.get(link_to("alice@example.org"))
    new = "another long secret"
    client.post(form.url, {"password1": new, "password2": new})
    assert Client().post(LOGIN, {"login": "alice", "password": new}).url == "/start/"
    used = Client().get(link_to_reset("alice@example.org"), follow=True)
    assert used.status_code == 200 and "password1" not in used.content.decode()


def test_without_a_mail_server_a_reset_promises_no_mail(cast: Cast, settings: Settings) -> None:
    def asked(address: str) -> str:
        client, path = Client(), "/accounts/password/reset/"
        page = client.get(path).content.decode()
        return page + client.post(path, {"email": address}, follow=True).content.decode()

    assert "a link to choose a new password is on its way" in asked("alice@example.org")
    settings.MAIL_URL = ""
    pages = asked("bob@example.org")
    assert "on its way" not in pages and "spam folder" not in pages and "we send you" not in pages
    assert "Tell its admin" in pages
    (kept,) = mails_to("bob@example.org")
    assert kept.state == OutgoingMail.State.KEPT


def link_to_reset(address: str) -> str:
    """The first mail held the link; a later one tells that the password was changed."""
    from tests.accounts.mails import text_of

    (first, *_) = mails_to(address)
    return "/accounts/" + text_of(first).split("/accounts/")[1].split()[0]


def test_a_reset_does_not_tell_who_is_known(cast: Cast) -> None:
    answers = []
    for address in ("alice@example.org", "nobody@example.org"):
        page = Client().post("/accounts/password/reset/", {"email": address}, follow=True)
        answers.append(plain(page.content.decode(), address))
    assert answers[0] == answers[1]


def test_only_the_site_admin_opens_the_admin(client: Client, browser: Browser, cast: Cast) -> None:
    assert client.get("/admin/login/").url.startswith(LOGIN)
    assert browser(cast.alice).get("/admin/").status_code == 302
    assert browser(cast.alice).get("/admin/login/").status_code == 403
    for page in ("user", "institute", "membership", "apitoken"):
        assert browser(cast.ada).get(f"/admin/accounts/{page}/").status_code == 200


def test_members_made_in_the_admin_are_found(browser: Browser, cast: Cast) -> None:
    data = {
        "username": "newcomer",
        "email": "newcomer@example.org",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    browser(cast.ada).post("/admin/accounts/user/add/", data)
    found = browser(cast.ada).get("/members/", {"q": "newcomer"}).context["people"]
    assert [one.member.username for one in found] == ["newcomer"]


def test_the_limits_hold_behind_a_proxy(client: Client, settings: Settings) -> None:
    """Without this every visitor would be the proxy, and share one limit."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    wrong = {"login": "nobody", "password": "wrong password"}
    codes = [
        client.post(LOGIN, wrong, headers={"x-forwarded-for": address}).status_code
        for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
    ]
    assert codes == [200, 200, 429]
