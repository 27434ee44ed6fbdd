"""kill -9 of web and worker: every notice is in the inbox once and its mail arrived."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.faults.notices import kill_during_notices
from tests.faults.nursery import Nursery
from tests.faults.post import Post

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    with Post(slowness=0.01) as post:
        settings.MAIL_URL = post.url
        yield post


def test_a_few_kills_while_ratings_change(nursery: Nursery, post: Post) -> None:
    told = kill_during_notices(nursery, post, least=30, seed=int(time.time()))
    assert (told.lost, told.doubled) == ([], []), told
    assert told.notices == told.events and told.mails > 0
    assert told.sent_twice <= 2 * told.kills  # two threads, so two mails in hand at a kill
