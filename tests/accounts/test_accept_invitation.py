"""Who was invited by mail comes in: with a new account or their own, in their batch and role."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import Settings

from codetrack.accounts import people, services
from codetrack.accounts.models import Invitation, Membership, User
from codetrack.core.errors import Conflict
from codetrack.core.models import Event, OutgoingMail
from codetrack.core.testing import hold_clock, run_jobs
from codetrack.ratings.models import Claim
from tests.accounts.lists import QUEUES, invitation, invite, proven
from tests.accounts.mails import link_to, mails_to
from tests.cast import Cast, make_cast
from tests.factories import PASSWORD, InstituteFactory, MemberFactory, MembershipFactory

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]

ANN = "email,name,batch,role,codeforces\nann@hill.edu,Ann Lee,2027,member,petr\n"
NEW = {"email": "ann@hill.edu", "username": "ann", "password1": PASSWORD, "time_zone": "UTC"}


@pytest.fixture(autouse=True)
def outbox(settings: Settings) -> None:
    """No server: the mails wait in the outbox, where these tests read them."""
    settings.MAIL_URL = ""


def path_of(email: str) -> str:
    return f"/invited/{people.token_of(invitation(email))}/"


def current(email: str) -> Membership:
    return Membership.objects.current().select_related("member").get(member__email=email)


def test_an_invited_person_signs_up_and_stands_in_the_batch(client: Client, cast: Cast) -> None:
    invite(cast, ANN)
    page = client.get(path_of("ann@hill.edu")).content.decode()
    assert "Join Hill College" in page and "Make an account with ann@hill.edu" in page
    form = client.get("/accounts/signup/").content.decode()
    assert 'value="ann@hill.edu"' in form and "We send one mail" not in form
    client.post("/accounts/signup/", NEW)
    row = current("ann@hill.edu")
    assert (row.batch, row.way, row.is_admin) == ("2027", Membership.Way.MAIL, False)
    assert row.member.name == "Ann Lee"
    assert invitation("ann@hill.edu").state == Invitation.State.ACCEPTED
    started = Event.objects.get(tag="accounts:membership:started")
    assert started.data["invitation_id"] == invitation("ann@hill.edu").pk


def test_the_link_in_the_mail_proves_the_address(
    settings: Settings, client: Client, cast: Cast
) -> None:
    invite(cast, ANN)
    settings.MAIL_URL = "smtp://127.0.0.1:9"
    client.get(path_of("ann@hill.edu"))
    assert client.post("/accounts/signup/", NEW).status_code == 302
    assert current("ann@hill.edu").batch == "2027"
    assert client.get("/dashboard/").status_code == 200
    assert len(mails_to("ann@hill.edu")) == 1


def test_another_address_is_confirmed_as_always(
    settings: Settings, client: Client, cast: Cast
) -> None:
    invite(cast, ANN)
    settings.MAIL_URL = "smtp://127.0.0.1:9"
    client.get(path_of("ann@hill.edu"))
    client.post("/accounts/signup/", {**NEW, "email": "ann@home.example"})
    assert not Membership.objects.current().filter(member__username="ann").exists()
    Client().post(link_to("ann@home.example"))
    assert current("ann@home.example").batch == "2027"


def test_without_the_link_a_confirmed_address_is_enough(
    settings: Settings, client: Client, cast: Cast
) -> None:
    invite(cast, ANN)
    settings.MAIL_URL = "smtp://127.0.0.1:9"
    client.post("/accounts/signup/", NEW)
    assert not Membership.objects.current().filter(member__username="ann").exists()
    Client().post(link_to("ann@hill.edu"))
    assert current("ann@hill.edu").batch == "2027"


def test_a_club_on_invitation_lets_the_invited_sign_up(
    settings: Settings, client: Client, cast: Cast
) -> None:
    settings.SIGNUP = "invitation"
    invite(cast, ANN)
    assert 'name="password1"' not in client.get("/accounts/signup/").content.decode()
    client.get(path_of("ann@hill.edu"))
    client.post("/accounts/signup/", NEW)
    assert current("ann@hill.edu").batch == "2027"


def test_where_no_mail_is_sent_another_address_signs_in_too(client: Client, cast: Cast) -> None:
    invite(cast, ANN)
    client.get(path_of("ann@hill.edu"))
    client.post("/accounts/signup/", {**NEW, "email": "ann@home.example"})
    assert current("ann@home.example").batch == "2027"
    assert client.get("/dashboard/").status_code == 200


def test_with_the_account_the_address_is_forgotten(cast: Cast) -> None:
    member = MemberFactory()
    invite(cast, ANN)
    services.accept_invitation(member=member, invitation=invitation("ann@hill.edu"))
    member.delete()
    assert not Invitation.objects.exists()


def test_looking_at_the_link_joins_nothing(browser: Browser, cast: Cast) -> None:
    invite(cast, f"email,batch\n{cast.charlie.email},2027\n")
    charlie = browser(cast.charlie)
    page = charlie.get(path_of(cast.charlie.email)).content.decode()
    assert "Join Hill College" in page and "2027" in page
    assert cast.charlie.current_membership() is None


def test_who_has_an_account_is_asked_and_joins(browser: Browser, cast: Cast) -> None:
    invite(cast, f"email,batch\n{cast.charlie.email},2027\n")
    path = path_of(cast.charlie.email)
    assert "Sign in with it" in Client().get(path).content.decode()
    charlie = browser(cast.charlie)
    answer = charlie.post(path, {"on_boards": "anonymous"})
    assert answer["Location"] == "/institutes/hill/"
    assert cast.membership(cast.charlie).batch == "2027"
    cast.charlie.refresh_from_db()
    assert cast.charlie.on_boards == "anonymous"
    assert charlie.post(path).status_code == 302


def test_who_has_an_account_finds_the_invitation_there(browser: Browser, cast: Cast) -> None:
    invite(cast, cast.charlie.email)
    pk = invitation(cast.charlie.email).pk
    charlie = browser(cast.charlie)
    assert f"/institutes/invitations/{pk}/" in charlie.get("/institutes/").content.decode()
    stranger = browser(MemberFactory())
    assert stranger.post(f"/institutes/invitations/{pk}/").status_code == 404
    assert charlie.post(f"/institutes/invitations/{pk}/").status_code == 302
    assert cast.membership(cast.charlie).way == Membership.Way.MAIL


def test_a_link_serves_one_person(browser: Browser, cast: Cast) -> None:
    invite(cast, ANN)
    path = path_of("ann@hill.edu")
    browser(cast.charlie).post(path)
    other = browser(MemberFactory())
    assert other.get(path).status_code == 410
    assert other.post(path).status_code == 410
    row = invitation("ann@hill.edu")
    with pytest.raises(Conflict):
        services.accept_invitation(member=MemberFactory(), invitation=row)


@pytest.mark.django_db(transaction=True)
def test_two_who_use_a_link_at_once_are_one() -> None:
    cast, late = make_cast(), MemberFactory()
    invite(cast, ANN)
    row = invitation("ann@hill.edu")

    def accept(member: User) -> str:
        try:
            services.accept_invitation(member=member, invitation=row)
        except Conflict as error:
            return error.code
        finally:
            connection.close()
        return "joined"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.accept_invitation(member=cast.charlie, invitation=row)
            other = pool.submit(accept, late)
            time.sleep(0.5)  # it has looked by now, and waits
        assert other.result() == "invitation_over"
    assert Membership.objects.current().filter(way=Membership.Way.MAIL).count() == 1


def test_a_member_of_another_institute_is_told_to_leave_first(browser: Browser, cast: Cast) -> None:
    invite(cast, cast.charlie.email)
    MembershipFactory(member=cast.charlie, institute=InstituteFactory())
    charlie, path = browser(cast.charlie), path_of(cast.charlie.email)
    assert "leave it first" in charlie.get(path).content.decode()
    assert charlie.post(path).status_code == 409


@pytest.mark.parametrize("end", ["withdrawn", "expired", "forged"])
def test_a_link_that_is_over_says_so(browser: Browser, cast: Cast, end: str) -> None:
    with hold_clock() as held:
        invite(cast, cast.charlie.email)
        path = path_of(cast.charlie.email)
        if end == "withdrawn":
            row = invitation(cast.charlie.email)
            services.withdraw_invitation(invitation=row, by=cast.ada)
        elif end == "expired":
            held.forward(days=61)
        else:
            path = f"{path[:-3]}x/"
        charlie = browser(cast.charlie)
        assert charlie.get(path).status_code == (404 if end == "forged" else 410)
        charlie.post(path)
    assert cast.charlie.current_membership() is None


@pytest.mark.django_db(transaction=True)
def test_an_invitation_that_is_being_withdrawn_lets_nobody_in() -> None:
    cast = make_cast()
    invite(cast, cast.charlie.email)
    row = invitation(cast.charlie.email)

    def join() -> None:
        try:
            services.accept_invitation(member=cast.charlie, invitation=row)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.withdraw_invitation(invitation=row, by=cast.ada)
            joining = pool.submit(join)
            wait([joining], timeout=0.5)  # in vain: it waits for what becomes of the invitation
        with pytest.raises(Conflict, match="no longer valid"):
            joining.result()
    assert cast.charlie.current_membership() is None


def test_an_admin_makes_an_admin_only_as_long_as_they_are_one(cast: Cast) -> None:
    boss = Membership.objects.get(member=cast.bob)
    services.make_institute_admin(membership=boss, by=cast.ada)
    row = services.read_roster(
        institute=cast.institute,
        raw=f"email,role\n{cast.charlie.email},admin\nann@hill.edu,admin\n".encode(),
        title="",
        by=cast.bob,
    )
    services.invite_roster(row=row, by=cast.bob)
    run_jobs(QUEUES)
    first = invitation("ann@hill.edu")
    assert services.accept_invitation(member=MemberFactory(), invitation=first).is_admin
    boss.refresh_from_db()
    services.withdraw_institute_admin(membership=boss, by=cast.ada)
    second = invitation(cast.charlie.email)
    assert not services.accept_invitation(member=cast.charlie, invitation=second).is_admin


def test_whichever_way_they_come_the_batch_is_theirs(cast: Cast) -> None:
    invite(cast, f"email,batch\n{cast.charlie.email},2027\n")
    services.join_by_link(member=cast.charlie, invitation=cast.institute.invitation)
    assert cast.membership(cast.charlie).batch == "2027"
    assert invitation(cast.charlie.email).state == Invitation.State.ACCEPTED


def test_a_no_of_an_admin_takes_the_invitation_back(cast: Cast) -> None:
    asked = services.request_membership(member=cast.charlie, institute=cast.institute)
    invite(cast, cast.charlie.email)
    services.decline(membership=asked, by=cast.ada)
    assert invitation(cast.charlie.email).state == Invitation.State.WITHDRAWN


def test_listed_handles_become_claims_that_are_not_proven(cast: Cast) -> None:
    member = MemberFactory()
    invite(cast, ANN)
    services.accept_invitation(member=member, invitation=invitation("ann@hill.edu"))
    run_jobs(["default"])
    claim = Claim.objects.get(member=member)
    assert (claim.handle.shown, claim.verified_at) == ("petr", None)


def test_a_listed_handle_is_not_taken_from_whoever_proved_it(cast: Cast) -> None:
    member = MemberFactory()
    invite(cast, ANN)
    proven(cast.bob, "petr")
    services.accept_invitation(member=member, invitation=invitation("ann@hill.edu"))
    run_jobs(["default"])
    assert not Claim.objects.filter(member=member).exists()


def test_a_handle_of_ones_own_stays(cast: Cast) -> None:
    invite(cast, ANN)
    proven(cast.charlie, "tourist")
    services.accept_invitation(member=cast.charlie, invitation=invitation("ann@hill.edu"))
    run_jobs(["default"])
    assert Claim.objects.get(member=cast.charlie).handle.shown == "tourist"


def test_no_admin_reads_the_link(browser: Browser, cast: Cast) -> None:
    """It would open an account in somebody else's name."""
    roster = invite(cast, ANN)
    ada, token = browser(cast.ada), people.token_of(invitation("ann@hill.edu"))
    for path in (roster.get_absolute_url(), "/institutes/hill/people/?tab=invitations"):
        assert token not in ada.get(path).content.decode()
    assert OutgoingMail.objects.count() == 1
