"""Signing up: from the form to the mail link to being signed in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from codetrack.accounts import services
from codetrack.accounts.models import Membership, User
from codetrack.core.models import Event, OutgoingMail
from tests.accounts.mails import link_to, mails_to
from tests.cast import Cast
from tests.factories import PASSWORD, MemberFactory

pytestmark = pytest.mark.django_db

SIGN_UP = "/accounts/signup/"
CHECK_MAIL = "/accounts/confirm-email/"


def form(username: str = "nila", **more: str) -> dict[str, str]:
    return {
        "email": f"{username}@example.org",
        "username": username,
        "password1": PASSWORD,
        "phone_number": "",
        "time_zone": "Asia/Kolkata",
        **more,
    }


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_mail_link_signs_in(client: Client) -> None:
    response = client.post(SIGN_UP, form())
    assert response.url == CHECK_MAIL and not is_signed_in(client)

    link = link_to("nila@example.org")
    assert b"nila@example.org" in client.get(link).content
    assert client.post(link).url == "/start/"
    assert is_signed_in(client)
    assert EmailAddress.objects.get(email="nila@example.org").verified
    tags = Event.objects.order_by("pk").values_list("tag", flat=True)
    assert list(tags) == ["accounts:account:created", "accounts:address:confirmed"]


def test_looking_at_the_mail_link_confirms_nothing(client: Client) -> None:
    client.post(SIGN_UP, form())
    Client().get(link_to("nila@example.org"))
    assert not EmailAddress.objects.get(email="nila@example.org").verified


def test_nobody_signs_in_before_the_address_is_confirmed(client: Client) -> None:
    client.post(SIGN_UP, form())
    visitor = Client()
    response = visitor.post("/accounts/login/", {"login": "nila", "password": PASSWORD})
    assert response.url == CHECK_MAIL and not is_signed_in(visitor)


def test_the_waiting_page_goes_on_when_the_link_is_opened_elsewhere(client: Client) -> None:
    client.post(SIGN_UP, form())
    poll = {"hx-request": "true"}
    assert client.post("/accounts/confirm-email/go-on/", headers=poll).status_code == 204

    phone = Client()
    assert phone.post(link_to("nila@example.org")).url == "/accounts/login/"
    assert not is_signed_in(phone)
    response = client.post("/accounts/confirm-email/go-on/", headers=poll)
    assert response["HX-Redirect"] == "/start/"
    assert is_signed_in(client)


def test_the_waiting_page_goes_on_when_the_link_is_opened_in_the_next_tab() -> None:
    """Signing in there renews the token, so the one of the waiting page is stale."""
    browser = Client(enforce_csrf_checks=True)
    token = browser.get(SIGN_UP).context["csrf_token"]
    browser.post(SIGN_UP, form() | {"csrfmiddlewaretoken": str(token)})
    link = link_to("nila@example.org")
    token = browser.get(link).context["csrf_token"]
    browser.post(link, {"csrfmiddlewaretoken": str(token)})
    assert is_signed_in(browser)
    response = browser.post("/accounts/confirm-email/go-on/", headers={"hx-request": "true"})
    assert response["HX-Redirect"] == "/start/"


def test_without_script_a_button_goes_on(client: Client) -> None:
    client.post(SIGN_UP, form())
    assert client.post("/accounts/confirm-email/go-on/").url == CHECK_MAIL
    Client().post(link_to("nila@example.org"))
    assert client.post("/accounts/confirm-email/go-on/").url == "/start/"


def test_going_on_lets_no_visitor_in(client: Client) -> None:
    client.post(SIGN_UP, form())
    Client().post(link_to("nila@example.org"))
    visitor = Client()
    visitor.post("/accounts/confirm-email/go-on/")
    assert not is_signed_in(visitor)


def test_the_time_zone_comes_from_the_browser(client: Client) -> None:
    client.post(SIGN_UP, form())
    assert User.objects.get(username="nila").time_zone == "Asia/Kolkata"


@pytest.mark.parametrize("said", ["", "Mars/Olympus", "../../etc/passwd"])
def test_an_unknown_time_zone_is_utc(client: Client, said: str) -> None:
    client.post(SIGN_UP, form(time_zone=said))
    assert User.objects.get(username="nila").time_zone == "UTC"


@pytest.mark.parametrize("username", ["ab", "has space", "-nila", "nila.", "a" * 31, "nilä"])
def test_a_username_that_is_no_address_is_refused(client: Client, username: str) -> None:
    response = client.post(SIGN_UP, form(username=username, email="nila@example.org"))
    assert response.status_code == 200 and "username" in response.context["form"].errors
    assert not User.objects.exists()


def test_usernames_and_addresses_are_lower_case(client: Client) -> None:
    client.post(SIGN_UP, form(username="NiLa", email="Nila@Example.org"))
    member = User.objects.get()
    assert (member.username, member.email) == ("nila", "nila@example.org")


def test_a_taken_username_is_refused_in_any_spelling(client: Client) -> None:
    MemberFactory(username="nila", email="other@example.org")
    response = client.post(SIGN_UP, form(username="NILA"))
    assert "username" in response.context["form"].errors


@pytest.mark.parametrize("password", ["short", "password1234", "nila@example.org"])
def test_a_weak_password_is_refused(client: Client, password: str) -> None:
    response = client.post(SIGN_UP, form(password1=password))
    assert "password1" in response.context["form"].errors


@pytest.mark.parametrize("page", [SIGN_UP, "/accounts/password/change/", "reset"])
def test_what_a_password_has_to_be_is_one_sentence(client: Client, cast: Cast, page: str) -> None:
    if page == "reset":
        client.post("/accounts/password/reset/", {"email": "alice@example.org"})
        page = link_to("alice@example.org")
    elif page != SIGN_UP:
        client.force_login(cast.alice)
    shown = client.get(page, follow=True).content.decode()
    assert shown.count("At least 10 characters; not your name") == 1
    assert "too similar" not in shown


def test_a_robot_in_the_trap_makes_no_account(client: Client) -> None:
    assert client.post(SIGN_UP, form(phone_number="123")).url == CHECK_MAIL
    assert not User.objects.exists() and not OutgoingMail.objects.exists()


def test_a_known_address_gets_the_same_answer_and_a_mail(client: Client) -> None:
    MemberFactory(username="alice", email="alice@example.org")
    response = client.post(SIGN_UP, form(username="nila", email="alice@example.org"))
    known = client.get(response.url).content.decode()

    visitor = Client()
    response = visitor.post(SIGN_UP, form(username="nila", email="nila@example.org"))
    unknown = visitor.get(response.url).content.decode()
    assert plain(known, "alice@example.org") == plain(unknown, "nila@example.org")
    assert len(mails_to("alice@example.org")) == len(mails_to("nila@example.org")) == 1


def plain(page: str, address: str) -> str:
    """The page without what differs by itself: the address, tokens and the request's reference."""
    lines = (line for line in page.splitlines() if "csrf" not in line.lower())
    return "\n".join(lines).replace(address, "…")


def test_sent_twice_it_makes_one_account_and_still_signs_in(client: Client) -> None:
    assert client.post(SIGN_UP, form()).url == CHECK_MAIL
    assert client.post(SIGN_UP, form()).url == CHECK_MAIL
    assert User.objects.count() == 1 and len(mails_to("nila@example.org")) == 1
    client.post(link_to("nila@example.org"))
    assert is_signed_in(client)


def test_somebody_elses_password_does_not_take_over_the_waiting_account(client: Client) -> None:
    client.post(SIGN_UP, form())
    stranger = Client()
    stranger.post(SIGN_UP, form(password1="another long secret"))
    client.post(link_to("nila@example.org"))
    stranger.post("/accounts/confirm-email/go-on/")
    assert not is_signed_in(stranger)


@pytest.mark.django_db(transaction=True)
def test_the_queue_of_a_class_is_no_reason_to_refuse() -> None:
    """Argon2 for forty takes longer than the second that allauth waits for its count."""
    with ratelimit.cache_lock("one-address"), ThreadPoolExecutor(1) as pool:
        last = pool.submit(wait_for_the_count)
        with pytest.raises(TimeoutError):
            last.result(timeout=1.5)
        cache.delete("one-address:lock")
        assert last.result(timeout=60)


def wait_for_the_count() -> bool:
    try:
        with ratelimit.cache_lock("one-address") as locked:
            return locked
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_makes_one_account() -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(sign_up_in_a_thread, [form()] * 4))
    assert answers == [CHECK_MAIL] * 4
    assert User.objects.count() == 1 and len(mails_to("nila@example.org")) == 1


def test_a_twin_that_is_through_between_two_checks_is_found(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address is looked up first, when the first form was not through; the username after."""
    client.post(SIGN_UP, form())
    found = iter([False, True])
    monkeypatch.setattr(
        "allauth.account.internal.flows.manage_email.email_already_exists",
        lambda email: (email, next(found)),
    )
    assert client.post(SIGN_UP, form()).url == CHECK_MAIL
    assert User.objects.count() == 1


def test_a_taken_username_is_told_in_our_words(client: Client) -> None:
    MemberFactory(username="nila", email="other@example.org")
    page = client.post(SIGN_UP, form()).content.decode()
    assert "Somebody already has this username." in page


@pytest.mark.parametrize("spelling", ["nila@ｈill.example", "NILA@HILL。example"])
def test_one_mailbox_is_one_account(client: Client, spelling: str) -> None:
    client.post(SIGN_UP, form(email="nila@hill.example"))
    Client().post(SIGN_UP, form(username="other", email=spelling))
    assert User.objects.get().email == "nila@hill.example"


def test_a_domain_with_umlauts_joins_in_either_spelling(client: Client, cast: Cast) -> None:
    services.add_domain(institute=cast.institute, domain="hügel.example", by=cast.ada)
    client.post(SIGN_UP, form(email="nila@hügel.example"))
    member = User.objects.get(username="nila")
    assert member.email == "nila@xn--hgel-0ra.example"
    client.post(link_to(member.email))
    assert cast.membership(member).way == Membership.Way.DOMAIN


@pytest.mark.parametrize("username", ["nila", "alice"], ids=["free username", "taken username"])
def test_signing_up_does_the_same_work_for_known_and_unknown(
    hashes: list[str], cast: Cast, username: str
) -> None:
    def work(email: str) -> int:
        hashes.clear()
        Client().post(SIGN_UP, form(username=username, email=email))
        return len(hashes)

    known = {work("bob@example.org") for _ in range(8)}  # beyond the limit of guesses, too
    assert known == {work("new@example.org")} == {1}


def sign_up_in_a_thread(data: dict[str, str]) -> str:
    try:
        return str(Client().post(SIGN_UP, data).url)
    finally:
        connection.close()


def test_a_whole_classroom_signs_up_from_one_address() -> None:
    answers = {Client().post(SIGN_UP, form(f"pupil{n}")).status_code for n in range(40)}
    assert answers == {302} and User.objects.count() == 40


def test_beyond_the_limit_a_page_says_so(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/m/ip"}
    codes = [Client().post(SIGN_UP, form(f"pupil{n}")).status_code for n in range(3)]
    assert codes == [302, 302, 429]
    response = client.post(SIGN_UP, form("late"))
    assert "<h1>" in response.content.decode()


def test_account_and_mail_are_one_transaction(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the process dies here")

    monkeypatch.setattr("codetrack.core.jobs.later", fail)
    with pytest.raises(RuntimeError):
        client.post(SIGN_UP, form())
    assert not User.objects.exists() and not OutgoingMail.objects.exists()


# --- links that do not work --------------------------------------------------


def test_a_used_link_says_that_all_is_done(client: Client) -> None:
    client.post(SIGN_UP, form())
    link = link_to("nila@example.org")
    client.post(link)
    response = Client().get(link)
    assert response.status_code == 200 and response.context["already_confirmed"]
    assert Client().post(link, follow=True).context["already_confirmed"]


@pytest.mark.parametrize("days", [4, 400])
def test_an_expired_link_offers_a_new_one(
    client: Client, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    client.post(SIGN_UP, form())
    link = link_to("nila@example.org")
    now = signing.time.time()
    later = now + timedelta(days=days).total_seconds()
    monkeypatch.setattr(signing.time, "time", lambda: later)
    page = client.post(link, follow=True)
    assert page.status_code == 200 and not page.context["already_confirmed"]
    assert "/accounts/confirm-email/resend/" in page.content.decode()
    assert not EmailAddress.objects.get(email="nila@example.org").verified


@pytest.mark.parametrize("key", ["made-up", "MQ:1abcde:AAAAAAAAAAA", "0"])
def test_a_made_up_link_confirms_nothing(client: Client, key: str) -> None:
    client.post(SIGN_UP, form())
    page = client.post(f"/accounts/confirm-email/{key}/", follow=True)
    assert page.status_code == 200 and "resend" in page.content.decode()
    assert not EmailAddress.objects.get().verified


def test_a_new_link_is_sent_on_request(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    client.post(SIGN_UP, form())
    Client().post("/accounts/confirm-email/resend/", {"email": "Nila@example.org"})
    assert len(mails_to("nila@example.org")) == 2
    client.post(link_to("nila@example.org"))
    assert is_signed_in(client)


def test_a_new_link_is_not_sent_again_and_again(client: Client) -> None:
    client.post(SIGN_UP, form())
    for _ in range(5):
        client.post("/accounts/confirm-email/resend/", {"email": "nila@example.org"})
    assert len(mails_to("nila@example.org")) == 1


def test_asking_for_a_link_does_not_tell_who_is_known(cast: Cast) -> None:
    answers = []
    for address in ("alice@example.org", "nobody@example.org"):
        visitor = Client()
        page = visitor.post("/accounts/confirm-email/resend/", {"email": address}, follow=True)
        answers.append(plain(page.content.decode(), address))
    assert answers[0] == answers[1]
    assert not OutgoingMail.objects.exists()


# --- who may -----------------------------------------------------------------


def test_a_closed_club_takes_nobody(client: Client, settings: Settings, cast: Cast) -> None:
    settings.SIGNUP = "closed"
    page = client.get(cast.institute.invitation_path()).content.decode()
    assert "Sign in with yours" in page
    client.post(SIGN_UP, form())
    assert not User.objects.filter(username="nila").exists()


def test_a_club_by_invitation_takes_the_invited(
    client: Client, settings: Settings, cast: Cast
) -> None:
    settings.SIGNUP = "invitation"
    client.post(SIGN_UP, form())
    assert not User.objects.filter(username="nila").exists()
    client.get(cast.institute.invitation_path())
    client.post(SIGN_UP, form())
    assert User.objects.filter(username="nila").exists()


# --- and into the institute --------------------------------------------------


def test_the_invited_are_in_their_institute_and_go_to_the_start(client: Client, cast: Cast) -> None:
    client.get(cast.institute.invitation_path())
    client.post(SIGN_UP, form())
    member = User.objects.get(username="nila")
    assert member.current_membership() is None
    assert client.post(link_to("nila@example.org")).url == "/start/"
    assert "You are a member of Hill College." in client.get("/welcome/").content.decode()
    assert cast.membership(member).way == Membership.Way.LINK


def test_the_invitation_holds_in_another_browser(client: Client, cast: Cast) -> None:
    client.get(cast.institute.invitation_path())
    client.post(SIGN_UP, form())
    phone = Client()
    response = phone.post(link_to("nila@example.org"))
    assert response.url == "/accounts/login/"
    assert cast.membership(User.objects.get(username="nila")).institute == cast.institute


def test_an_address_of_the_domain_joins_by_itself(client: Client, cast: Cast) -> None:
    cast.institute.domains.create(domain="hill.example")
    client.post(SIGN_UP, form(email="nila@hill.example"))
    member = User.objects.get(username="nila")
    assert member.current_membership() is None
    client.post(link_to("nila@hill.example"))
    assert cast.membership(member).way == Membership.Way.DOMAIN


def test_an_address_that_only_ends_alike_does_not_join(client: Client, cast: Cast) -> None:
    cast.institute.domains.create(domain="hill.example")
    client.post(SIGN_UP, form(email="nila@downhill.example"))
    client.post(link_to("nila@downhill.example"))
    assert User.objects.get(username="nila").current_membership() is None


# --- a club without a mail server --------------------------------------------


def test_without_a_mail_server_the_link_lets_people_in(
    client: Client, settings: Settings, cast: Cast
) -> None:
    settings.MAIL_URL = ""
    assert "is confirmed" not in client.get(cast.institute.invitation_path()).content.decode()
    asked = client.get(SIGN_UP).content.decode()
    assert "Join Hill College" in asked and "We send one mail" not in asked
    assert client.post(SIGN_UP, form()).url == "/start/"
    assert "Welcome to Hill College." in client.get("/welcome/").content.decode()
    assert is_signed_in(client)
    assert not EmailAddress.objects.get(email="nila@example.org").verified

    again = Client()
    again.post("/accounts/login/", {"login": "nila", "password": PASSWORD})
    assert is_signed_in(again)


def test_once_there_is_a_mail_server_the_address_is_asked_for(
    client: Client, settings: Settings, cast: Cast
) -> None:
    settings.MAIL_URL = ""
    client.get(cast.institute.invitation_path())
    client.post(SIGN_UP, form())
    settings.MAIL_URL = "smtp://127.0.0.1:9"
    again = Client()
    response = again.post("/accounts/login/", {"login": "nila", "password": PASSWORD})
    assert response.url == CHECK_MAIL and not is_signed_in(again)
    again.post(link_to("nila@example.org"))
    assert is_signed_in(again)


def test_without_a_mail_server_others_wait_and_are_told(
    client: Client, settings: Settings, cast: Cast
) -> None:
    settings.MAIL_URL = ""
    cast.institute.domains.create(domain="example.org")
    page = client.post(SIGN_UP, form(), follow=True)
    assert not is_signed_in(client) and "Tell its admin" in page.content.decode()
    page = client.post(
        "/accounts/confirm-email/resend/", {"email": "nila@example.org"}, follow=True
    )
    assert "the admin finds a link for it in the outbox" in page.content.decode()
    assert User.objects.get(username="nila").current_membership() is None
    client.post(link_to("nila@example.org"))
    assert is_signed_in(client)
