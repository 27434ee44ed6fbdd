"""One change is one mail, read from a real mail server."""

from __future__ import annotations

import pytest

from codetrack.accounts.models import User
from codetrack.core.testing import HeldClock
from tests.core.servers import MailServer
from tests.notifications.rows import body, linked, rate, told

pytestmark = pytest.mark.django_db


def test_a_rating_change_is_one_mail(post: MailServer, held: HeldClock, alice: User) -> None:
    rate(linked(alice), 1500, 1534)
    told(held)
    [mail] = post.mails
    assert post.envelopes == [["alice@example.org"]]
    assert mail["Subject"] == "Codeforces: 1500 → 1534 (+34)"
    assert "The rating of nila_v rose from 1500 to 1534." in body(mail)
    assert "/members/alice/" in body(mail)
