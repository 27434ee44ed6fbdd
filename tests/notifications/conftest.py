"""Members, a clock that stands, and a real mail server on loopback whose mails are read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from codetrack.accounts.models import User
from codetrack.core import events, notices
from codetrack.core.testing import HeldClock, hold_clock
from codetrack.notifications import consumers
from tests.cast import Cast
from tests.core.servers import MailServer
from tests.notifications.rows import INVITATION

#: A Saturday.
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def held() -> Iterator[HeldClock]:
    with hold_clock(NOON) as held:
        yield held


@pytest.fixture
def post(settings: Settings) -> Iterator[MailServer]:
    """The mail server of this site."""
    with MailServer() as server:
        settings.MAILERS = {"default": {"BACKEND": "codetrack.core.mail.QueuedBackend"}}
        settings.MAIL_URL = server.url
        yield server


@pytest.fixture
def alice(cast: Cast) -> User:
    return cast.alice


@pytest.fixture
def bob(cast: Cast) -> User:
    return cast.bob


@pytest.fixture
def invitations(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more kind of notice, for whoever has no account."""
    monkeypatch.setitem(notices.kinds, INVITATION.key, INVITATION)
    monkeypatch.delitem(events.consumers, "notifications")
    consumers.register()
