"""Everybody on a list is invited once, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from codetrack.accounts import people, post, services, tasks
from codetrack.accounts.models import Invitation, Membership, Roster
from codetrack.accounts.services import rosters
from codetrack.core import clock
from codetrack.core.errors import Conflict, Missing, NotAllowed, TooMany
from codetrack.core.models import Event, Job, OutgoingMail
from codetrack.core.testing import hold_clock, run_jobs
from codetrack.notifications import services as notifications
from codetrack.notifications.models import Blocked
from tests.accounts.lists import QUEUES, fates, invitation, invite, read
from tests.cast import Cast, make_cast
from tests.core.servers import MailServer
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

MANY = "email,name,batch\n" + "".join(f"s{n}@hill.edu,Student {n},2027\n" for n in range(9))


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.MAIL_URL = server.url
        yield server


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rosters, "PART", 4)


def tags() -> list[str]:
    found = Event.objects.filter(until=None).order_by("pk").values_list("tag", flat=True)
    return [tag for tag in found if tag.startswith("accounts:")]


def test_everybody_gets_one_mail_by_a_real_server(server: MailServer, cast: Cast) -> None:
    roster = invite(cast, "email,name,batch\nann@hill.edu,Ann,2027\nbo@hill.edu,,\n")
    assert sorted(mail["To"] for mail in server.mails) == ["ann@hill.edu", "bo@hill.edu"]
    (mail,) = [mail for mail in server.mails if mail["To"] == "ann@hill.edu"]
    assert mail["Subject"] == "You are invited to Hill College"
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert post.url_of(invitation("ann@hill.edu")) in text and "Hello Ann." in text
    assert "List-Unsubscribe" in mail and "/unsubscribe/" in mail["List-Unsubscribe"]
    assert "&" not in text.replace("&quot;", "&")
    assert roster.state == Roster.State.DONE
    assert people.progress_of(roster).sent == 2
    assert tags() == ["accounts:roster:read", "accounts:people:invited"]


def test_how_far_it_is_holds_at_one_moment(
    server: MailServer, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    roster = read(cast, "a@hill.edu\nb@hill.edu\nalice@example.org\n")
    services.invite_roster(row=roster, by=cast.ada)
    with django_assert_num_queries(1):  # two could be asked before and after a job
        assert people.progress_of(roster) == people.Progress(2, 0, 0)
    run_jobs(["default"])
    assert people.progress_of(roster) == people.Progress(2, 0, 0)
    run_jobs(["mail"])
    assert people.progress_of(roster) == people.Progress(2, 2, 0)


def test_asking_twice_invites_once(server: MailServer, cast: Cast) -> None:
    roster = read(cast, MANY)
    for _ in range(2):
        services.invite_roster(row=roster, by=cast.ada)
    run_jobs(QUEUES)
    services.invite_roster(row=roster, by=cast.ada)
    run_jobs(QUEUES)
    assert len(server.mails) == len({mail["To"] for mail in server.mails}) == 9


def test_a_kill_in_the_middle_invites_nobody_twice(
    monkeypatch: pytest.MonkeyPatch, server: MailServer, cast: Cast
) -> None:
    """The process ends after writing, before the job is done: its transaction is not there."""
    roster = read(cast, MANY)
    services.invite_roster(row=roster, by=cast.ada)
    services.invite_next(roster_id=roster.pk)  # four are written

    def killed(pks: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rosters, "ask_by_mail", killed)
        with pytest.raises(KeyboardInterrupt):
            services.invite_next(roster_id=roster.pk)
    assert Invitation.objects.count() == 4
    services.invite_next(roster_id=roster.pk)
    services.invite_next(roster_id=roster.pk)
    services.invite_next(roster_id=roster.pk)  # once more than there is
    run_jobs(QUEUES)
    assert len(server.mails) == len({mail["To"] for mail in server.mails}) == 9
    assert people.progress_of(roster).left == 0


def test_a_mail_job_that_runs_twice_sends_once(server: MailServer, cast: Cast) -> None:
    invite(cast, "a@hill.edu\n")
    tasks.send_invitation.func(invitation("a@hill.edu").pk)
    assert len(server.mails) == 1


@pytest.mark.django_db(transaction=True)
def test_two_lists_at_once_invite_each_person_once() -> None:
    cast = make_cast()
    lists = [read(cast, MANY), read(cast, MANY)]
    for roster in lists:
        services.invite_roster(row=roster, by=cast.ada)

    def work(roster: Roster) -> None:
        try:
            for _ in range(3):
                services.invite_next(roster_id=roster.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, lists))
    assert Invitation.objects.open().count() == 9
    jobs = Job.objects.filter(task__endswith="send_invitation")
    assert jobs.count() == len({job.key for job in jobs}) == 9


def test_who_signs_up_is_not_held_up(cast: Cast) -> None:
    roster = read(cast, "a@hill.edu\n")
    services.invite_roster(row=roster, by=cast.ada)
    services.invite_next(roster_id=roster.pk)
    job = Job.objects.get(task__endswith="send_invitation")
    assert (job.queue, job.priority < -10) == ("mail", True)


def test_what_is_not_sent_can_be_cancelled(server: MailServer, cast: Cast) -> None:
    roster = read(cast, MANY)
    services.invite_roster(row=roster, by=cast.ada)
    services.invite_next(roster_id=roster.pk)
    assert services.cancel_roster(row=roster, by=cast.ada) == 9
    run_jobs(QUEUES)
    assert server.mails == []
    assert not Invitation.objects.open().exists()
    assert services.cancel_roster(row=roster, by=cast.ada) == 0
    with pytest.raises(Conflict):
        services.invite_roster(row=roster, by=cast.ada)
    assert tags()[-1] == "accounts:roster:cancelled"


def test_the_same_list_again_mails_nobody_and_updates(server: MailServer, cast: Cast) -> None:
    invite(cast, "email,name,batch\na@hill.edu,Ann,2027\n")
    invite(cast, "email,name,batch,role\na@hill.edu,Anna,2028,admin\n")
    row = invitation("a@hill.edu")
    assert (row.name, row.batch, row.is_admin) == ("Anna", "2028", True)
    assert len(server.mails) == 1


def test_who_says_it_last_answers_for_it(server: MailServer, cast: Cast) -> None:
    """Only who looks after the institute makes admins: the list of one who did counts as theirs."""
    invite(cast, "a@hill.edu\n")
    Invitation.objects.update(by=cast.bob)
    invite(cast, "email,role\na@hill.edu,admin\n")
    assert invitation("a@hill.edu").by == cast.ada


def test_who_has_joined_since_the_look_is_not_invited(server: MailServer, cast: Cast) -> None:
    roster = read(cast, cast.charlie.email)
    assert fates(roster) == [("ask", "")]
    MembershipFactory(member=cast.charlie, institute=cast.institute)
    services.invite_roster(row=roster, by=cast.ada)
    run_jobs(QUEUES)
    assert fates(roster) == [("member", "")]
    assert server.mails == []


def test_an_expired_invitation_is_sent_anew(server: MailServer, cast: Cast) -> None:
    with hold_clock() as held:
        invite(cast, "a@hill.edu\n")
        first = invitation("a@hill.edu")
        held.forward(days=61)
        first.refresh_from_db()
        assert not first.is_open
        invite(cast, "a@hill.edu\n")
        assert len(server.mails) == 2
        assert Invitation.objects.open().get().pk != first.pk


def test_who_is_no_admin_any_more_invites_nobody(server: MailServer, cast: Cast) -> None:
    boss = Membership.objects.get(member=cast.bob)
    services.make_institute_admin(membership=boss, by=cast.ada)
    roster = read(cast, MANY)
    services.invite_roster(row=roster, by=cast.bob)
    services.withdraw_institute_admin(membership=boss, by=cast.ada)
    run_jobs(QUEUES)
    roster.refresh_from_db()
    assert roster.state == Roster.State.CANCELLED
    assert server.mails == []


def test_an_institute_sends_so_many_a_day(
    settings: Settings, server: MailServer, cast: Cast
) -> None:
    settings.INVITATIONS_PER_DAY = 3
    with hold_clock() as held:
        invite(cast, "a@hill.edu\nb@hill.edu\n")
        more = read(cast, "c@hill.edu\nd@hill.edu\n")
        with pytest.raises(TooMany, match="1 more"):
            services.invite_roster(row=more, by=cast.ada)
        held.forward(hours=25)
        services.invite_roster(row=more, by=cast.ada)


def test_what_waits_to_be_sent_counts_too(
    settings: Settings, server: MailServer, cast: Cast
) -> None:
    settings.INVITATIONS_PER_DAY = 3
    first, second = read(cast, "a@hill.edu\nb@hill.edu\n"), read(cast, "c@hill.edu\nd@hill.edu\n")
    services.invite_roster(row=first, by=cast.ada)
    with pytest.raises(TooMany, match="1 more"):  # though no job has run yet
        services.invite_roster(row=second, by=cast.ada)
    services.cancel_roster(row=first, by=cast.ada)
    services.invite_roster(row=second, by=cast.ada)


def test_an_address_that_nobody_has_is_told_and_blocked(server: MailServer, cast: Cast) -> None:
    server.recipient_answers["no@hill.edu"] = "550 5.1.1 no such user"
    roster = invite(cast, "no@hill.edu\nyes@hill.edu\n")
    assert "5.1.1" in invitation("no@hill.edu").error
    assert Blocked.objects.get().address == "no@hill.edu"
    assert people.progress_of(roster) == people.Progress(2, 1, 1)
    assert fates(read(cast, "no@hill.edu\n")) == [("skip", "refused")]


def test_the_same_mail_is_the_same_to_the_last_byte(cast: Cast) -> None:
    with hold_clock() as held:
        invite(cast, "a@hill.edu\n")
        first = post.message(invitation("a@hill.edu")).body
        held.forward(hours=1)
        assert post.message(invitation("a@hill.edu")).body == first


def test_a_busy_server_is_asked_again_with_the_same_mail(server: MailServer, cast: Cast) -> None:
    server.answers = ["451 come again"]
    with hold_clock() as held:
        invite(cast, "a@hill.edu\n")
        assert "451" in invitation("a@hill.edu").error
        held.forward(hours=1)
        run_jobs(QUEUES)
    row = invitation("a@hill.edu")
    assert (row.error, row.sent_at is None, len(server.mails)) == ("", False, 1)


def test_a_server_that_is_away_for_a_day_is_given_up(server: MailServer, cast: Cast) -> None:
    server.answers = ["451 away"] * 99
    with hold_clock() as held:
        roster = invite(cast, "a@hill.edu\n")
        for _ in range(30):
            held.forward(hours=2)
            run_jobs(QUEUES)
        assert invitation("a@hill.edu").failed
        assert people.progress_of(roster).failed == 1
        server.answers = []
        services.send_again(invitation=invitation("a@hill.edu"), by=cast.ada)
        run_jobs(QUEUES)
    assert not invitation("a@hill.edu").failed


def test_a_mail_that_comes_back_is_remembered(server: MailServer, cast: Cast) -> None:
    invite(cast, "gone@hill.edu\n")
    report = (
        'Content-Type: multipart/report; boundary="x"\r\n\r\n--x\r\n'
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {server.message_ids[0]}\r\n"
        "\r\n--x--\r\n"
    )
    assert notifications.take_back(raw=report.encode()) == "gone@hill.edu"
    assert "no such user" in invitation("gone@hill.edu").error
    forged = report.replace("<invitation.", "<invitation.1")
    assert notifications.take_back(raw=forged.encode()) == ""


def test_the_link_in_the_mail_stops_all_mail(server: MailServer, cast: Cast) -> None:
    invite(cast, "a@hill.edu\n")
    path = server.mails[0]["List-Unsubscribe"].strip("<>").partition("localhost:8000")[2]
    assert Client().post(path).status_code == 200
    with pytest.raises(Conflict):
        services.send_again(invitation=invitation("a@hill.edu"), by=cast.ada)
    assert fates(read(cast, "a@hill.edu\n")) == [("skip", "refused")]


def test_without_a_mail_server_the_mails_are_kept(settings: Settings, cast: Cast) -> None:
    settings.MAIL_URL = ""
    invite(cast, "a@hill.edu\n")
    kept = OutgoingMail.objects.get()
    assert (kept.state, kept.recipients) == (OutgoingMail.State.KEPT, ["a@hill.edu"])
    assert invitation("a@hill.edu").sent_at is not None


def test_an_invitation_is_sent_again_and_withdrawn(server: MailServer, cast: Cast) -> None:
    with hold_clock() as held:
        invite(cast, "a@hill.edu\n")
        row, until = invitation("a@hill.edu"), invitation("a@hill.edu").expires_at
        held.forward(days=2)
        services.send_again(invitation=row, by=cast.ada)
        run_jobs(QUEUES)
        assert len(set(server.message_ids)) == 2
        assert invitation("a@hill.edu").expires_at == until + timedelta(days=2)
        for _ in range(2):
            services.withdraw_invitation(invitation=row, by=cast.ada)
        assert tags()[-2:] == ["accounts:invitation:renewed", "accounts:invitation:withdrawn"]
        with pytest.raises(Conflict):
            services.send_again(invitation=row, by=cast.ada)


def test_nobody_is_mailed_without_end(server: MailServer, cast: Cast) -> None:
    invite(cast, "a@hill.edu\n")
    row = invitation("a@hill.edu")
    for _ in range(3):
        services.send_again(invitation=row, by=cast.ada)
    with pytest.raises(TooMany):
        services.send_again(invitation=row, by=cast.ada)


def test_only_an_admin_sends_and_withdraws(cast: Cast) -> None:
    roster = invite(cast, "a@hill.edu\n")
    row = invitation("a@hill.edu")
    for outsider in (cast.alice, cast.charlie, MembershipFactory(is_admin=True).member):
        for act in (
            lambda by: services.invite_roster(row=roster, by=by),
            lambda by: services.cancel_roster(row=roster, by=by),
            lambda by: services.send_again(invitation=row, by=by),
            lambda by: services.withdraw_invitation(invitation=row, by=by),
        ):
            with pytest.raises(NotAllowed):
                act(outsider)


def test_lists_and_old_invitations_are_forgotten(server: MailServer, cast: Cast) -> None:
    row = invite(cast, "a@hill.edu\n")
    with hold_clock(clock.now() + timedelta(days=31)):
        tasks.forget_rosters.func()
        assert not Roster.objects.exists() and Invitation.objects.count() == 1
        with pytest.raises(Missing):  # a job of before
            services.invite_next(roster_id=row.pk)
    with hold_clock(clock.now() + timedelta(days=241)):
        tasks.forget_rosters.func()
    assert not Invitation.objects.exists()
