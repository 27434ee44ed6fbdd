"""The inbox: by what it is about, unread first; read means read, on every open page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from codetrack.accounts.models import User
from codetrack.core.models import Event
from codetrack.core.testing import HeldClock, run_jobs
from codetrack.notifications import queries, services
from codetrack.notifications.models import Notice
from tests.notifications.rows import QUEUES, linked, prove, rate

pytestmark = pytest.mark.django_db
type Queries = Callable[..., object]


@pytest.fixture
def full(held: HeldClock, alice: User, bob: User) -> None:
    """Three notices of one handle of alice, one of another; one of bob."""
    codeforces, codechef = linked(alice), linked(alice, "nila", "codechef")
    prove(codeforces)
    rate(codeforces, 1500, 1510)
    rate(codechef, 1600, 1610)
    rate(codeforces, 1510, 1520)
    rate(linked(bob, "other"), 1500, 1510)
    run_jobs(QUEUES)


def titles(member: User, cursor: str = "", size: int = 20) -> list[list[str]]:
    page = queries.inbox(member, cursor=cursor, size=size)
    return [[text.title for text in thread.texts] for thread in page.items]


def rings(member: User) -> int:
    rows = Event.objects.filter(tag="notifications:inbox:changed", data__member_id=member.pk)
    assert all(row.topics == [f"account:{member.pk}"] and row.until for row in rows)
    return rows.count()


CODEFORCES = [
    "Codeforces: 1510 → 1520 (+10)",
    "Codeforces: 1500 → 1510 (+10)",
    "nila_v on Codeforces is verified",
]
CODECHEF = ["CodeChef: 1600 → 1610 (+10)"]


@pytest.mark.usefixtures("full")
def test_it_is_grouped_by_thread_the_newest_first(alice: User) -> None:
    assert titles(alice) == [CODEFORCES, CODECHEF]
    first, second = queries.inbox(alice).items
    assert (first.total, first.unread, first.muted) == (3, 3, False)
    assert (second.total, second.unread) == (1, 1)
    assert queries.unread_count(alice) == 4


@pytest.mark.usefixtures("full")
def test_what_is_unread_stands_before_what_is_newer(alice: User) -> None:
    services.mark_thread_read(member=alice, thread=queries.inbox(alice).items[0].key)
    assert titles(alice) == [CODECHEF, CODEFORCES]
    assert queries.unread_count(alice) == 1


@pytest.mark.usefixtures("full")
def test_pages_by_key_lose_no_thread(alice: User) -> None:
    services.mark_thread_read(member=alice, thread=queries.inbox(alice).items[0].key)
    first = queries.inbox(alice, size=1)
    assert first.next is not None
    assert titles(alice, size=1) == [CODECHEF]
    assert titles(alice, first.next, size=1) == [CODEFORCES]
    assert queries.inbox(alice, cursor=first.next, size=1).next is None


@pytest.mark.usefixtures("full")
def test_one_notice_is_read_by_itself_and_once(alice: User) -> None:
    newest = Notice.objects.filter(member=alice).latest("pk")
    before = rings(alice)
    assert services.mark_read(member=alice, notices=[newest.pk]) == 1
    assert services.mark_read(member=alice, notices=[newest.pk]) == 0
    assert queries.unread_count(alice) == 3
    assert rings(alice) == before + 1


@pytest.mark.usefixtures("full")
def test_nobody_reads_the_notices_of_others(alice: User, bob: User) -> None:
    theirs = Notice.objects.get(member=bob)
    assert services.mark_read(member=alice, notices=[theirs.pk]) == 0
    services.mark_all_read(member=alice)
    assert queries.unread_count(bob) == 1
    assert titles(alice, size=50) == [CODEFORCES, CODECHEF]


@pytest.mark.usefixtures("full")
def test_all_is_read_up_to_what_the_page_showed(alice: User) -> None:
    shown = queries.inbox(alice).items[0].texts[0].notice.pk
    rate(linked(alice), 1520, 1530)
    run_jobs(QUEUES)
    assert services.mark_all_read(member=alice, up_to=shown) == 4
    assert queries.unread_count(alice) == 1
    assert services.mark_all_read(member=alice) == 1


@pytest.mark.usefixtures("full")
def test_the_bell_rings_once_a_batch(alice: User, bob: User) -> None:
    assert (rings(alice), rings(bob)) == (1, 1)


@pytest.mark.usefixtures("full")
def test_the_inbox_asks_a_few_questions_however_full_it_is(
    alice: User, django_assert_max_num_queries: Queries
) -> None:
    with django_assert_max_num_queries(2):
        titles(alice)
    with django_assert_max_num_queries(1):
        queries.unread_count(alice)


@pytest.mark.usefixtures("full")
def test_a_muted_thread_tells_no_more_and_is_listed(alice: User) -> None:
    key = queries.inbox(alice).items[0].key
    services.mute(member=alice, thread=key)
    services.mute(member=alice, thread=key)
    rate(linked(alice), 1520, 1530)
    run_jobs(QUEUES)
    assert titles(alice) == [CODEFORCES, CODECHEF]
    assert queries.inbox(alice).items[0].muted
    [muted] = queries.muted_threads(alice)
    assert muted.key == key and muted.last is not None and muted.last.title == CODEFORCES[0]
    services.unmute(member=alice, thread=key)
    assert queries.muted_threads(alice) == []
    rate(linked(alice), 1530, 1540)
    run_jobs(QUEUES)
    assert titles(alice)[0][0] == "Codeforces: 1530 → 1540 (+10)"


@pytest.mark.usefixtures("full")
def test_what_was_told_long_ago_is_forgotten(held: HeldClock, alice: User) -> None:
    held.forward(days=181)
    kept = {"notices": timedelta(days=180), "deliveries": timedelta(days=60)}
    assert services.prune(**kept) >= 5
    assert titles(alice) == []


@pytest.mark.usefixtures("full")
def test_a_kind_that_is_gone_is_not_shown(alice: User) -> None:
    Notice.objects.filter(member=alice, kind="handle_verified").update(kind="of_an_app_removed")
    assert titles(alice) == [CODEFORCES[:2], CODECHEF]
