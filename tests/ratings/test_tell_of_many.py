"""The feed follows many accounts at once in as many queries as one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codetrack.accounts.models import User
from codetrack.core.models import Event
from codetrack.core.testing import HeldClock
from codetrack.ratings.queries.feed import contest_news, solved_news
from codetrack.standings.services.feed import note
from tests.factories import MemberFactory
from tests.ratings.conftest import NOON
from tests.ratings.deeds import DAY, account, attempt, career, items, play, prove, solve, tell

pytestmark = pytest.mark.usefixtures("clock")


def active() -> int:
    """The account of somebody new who played and solved lately."""
    handle = account(MemberFactory())
    prove(handle)
    play(handle, career(1450, 1480))
    solve(handle, attempt("1-A"), attempt("1-B", DAY))
    return handle.pk


def follow(handles: set[int]) -> int:
    """How many queries it takes to tell of all of them."""
    with CaptureQueriesContext(connection) as asked:
        for news in (contest_news(handles), solved_news(handles)):
            note(items=news.items, within=news.scopes)
    return len(asked)


def test_it_takes_as_many_queries_for_10_accounts_as_for_1(db: None) -> None:
    one = follow({active()})
    assert follow({active() for _ in range(10)}) == one
    assert len(items()) == 11 * (2 + 1 + 2)  # contests, a highest rating, two days


def test_what_happened_before_all_that_is_kept_is_not_looked_at(
    alice: User, clock: HeldClock
) -> None:
    """As when the feed is new on a site that is old: it reads the whole log once."""
    handle = account(alice)
    prove(handle)
    play(handle, career(1450, 1480))
    Event.objects.update(at=NOON - 91 * DAY)
    tell()
    assert items() == []
