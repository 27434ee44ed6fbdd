"""The link in every mail: one click, no signing in, and only for the kinds of that mail."""

from __future__ import annotations

import pytest
from django.test import Client

from codetrack.accounts.models import User
from codetrack.core.models import Event
from codetrack.core.testing import HeldClock, run_jobs
from codetrack.notifications import services
from codetrack.notifications.models import Notice, Preference
from tests.cast import Cast
from tests.core.servers import MailServer
from tests.notifications.rows import QUEUES, linked, rate, told, unsubscribe_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Client:
    """A mail program: it has no cookie and no form token."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def path(post: MailServer, held: HeldClock, alice: User) -> str:
    rate(linked(alice), 1500, 1510)
    told(held)
    return unsubscribe_path(post.wires[0])


def chosen(member: User) -> list[tuple[str, str, str]]:
    return list(Preference.objects.filter(member=member).values_list("kind", "channel", "how"))


def test_one_post_of_a_mail_program_stops_the_mail(
    program: Client, path: str, post: MailServer, held: HeldClock, alice: User
) -> None:
    answer = program.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert chosen(alice) == [("rating_changed", "email", "off")]
    rate(linked(alice), 1510, 1520)
    told(held)
    assert len(post.mails) == 1
    assert Notice.objects.inbox_of(alice.pk).count() == 2


def test_looking_at_the_link_changes_nothing(program: Client, path: str, alice: User) -> None:
    page = program.get(path).content.decode()
    assert "Stop this mail?" in page and "My rating changed" in page
    assert program.head(path).status_code == 200
    assert chosen(alice) == []


def test_the_link_of_an_old_mail_does_not_tell_the_new_address(
    program: Client, path: str, alice: User
) -> None:
    """Somebody else may read the old mailbox by now."""
    User.objects.filter(pk=alice.pk).update(email="alice@elsewhere.example", name="Alice <b>")
    for answer in (program.get(path), program.post(path)):
        page = answer.content.decode()
        assert "elsewhere" not in page and "Alice &lt;b&gt;" in page


def test_the_button_of_the_page_needs_no_signing_in(
    program: Client, path: str, alice: User
) -> None:
    page = program.get(path).content.decode()
    assert '<form class="form" method="post">' in page
    done = program.post(path).content.decode()
    assert "You get no more of this mail" in done and "Stop this mail</button>" not in done


def test_a_second_click_changes_nothing_more(program: Client, path: str, alice: User) -> None:
    for _ in range(3):
        assert program.post(path).status_code == 200
    assert len(chosen(alice)) == 1
    assert Event.objects.filter(tag="notifications:mail:unsubscribed").count() == 1


def test_the_link_of_a_digest_stops_all_that_is_in_it_and_nothing_else(
    program: Client, post: MailServer, held: HeldClock, alice: User
) -> None:
    for kind in ("rating_changed", "rank_gained", "handle_unreadable"):
        services.set_preference(member=alice, kind=kind, channel="email", how="daily")
    rate(linked(alice), 1380, 1420)
    run_jobs(QUEUES)
    held.forward(days=1)
    run_jobs(QUEUES)
    program.post(unsubscribe_path(post.wires[0]))
    assert sorted(chosen(alice)) == [
        ("handle_unreadable", "email", "daily"),
        ("rank_gained", "email", "off"),
        ("rating_changed", "email", "off"),
    ]


def test_the_link_is_of_one_member_alone(program: Client, path: str, cast: Cast) -> None:
    program.force_login(cast.bob)
    program.post(path)
    assert chosen(cast.bob) == [] and len(chosen(cast.alice)) == 1


@pytest.mark.parametrize("token", ["x", "WzIsWyJyYXRpbmdfY2hhbmdlZCJdXQ:1xUp4x:wrong", "💥"])
def test_a_link_that_was_never_ours_is_not_there(program: Client, db: None, token: str) -> None:
    assert program.get(f"/unsubscribe/{token}/").status_code == 404
    assert program.post(f"/unsubscribe/{token}/").status_code == 404


def test_a_link_cut_short_is_not_there(program: Client, path: str, alice: User) -> None:
    assert program.post(f"{path[:-4]}/").status_code == 404
    assert chosen(alice) == []


def test_the_link_of_who_is_gone_is_not_there(program: Client, path: str, alice: User) -> None:
    alice.delete()
    assert program.post(path).status_code == 404
