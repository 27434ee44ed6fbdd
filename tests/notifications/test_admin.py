"""The site admin sees in the Django admin what left and why something did not."""

from __future__ import annotations

import pytest

from codetrack.notifications.models import Blocked, Delivery
from tests.cast import Cast
from tests.notifications.conftest import NOON
from tests.notifications.inboxes import browser

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/delivery/"


@pytest.fixture
def failed(cast: Cast) -> Delivery:
    return Delivery.objects.create(
        member=cast.alice,
        channel="email",
        how="now",
        group="handle:1",
        key="k",
        recipient="alice@example.org",
        state=Delivery.State.FAILED,
        due_at=NOON,
        attempts=3,
        last_error="550 no such user here",
    )


def test_what_failed_is_listed_with_its_error(cast: Cast, failed: Delivery) -> None:
    page = browser(cast.ada).get(LIST, {"state": "failed"}).content.decode()
    assert "550 no such user here" in page
    assert "alice@example.org" in page
    page = browser(cast.ada).get(f"{LIST}{failed.pk}/change/").content.decode()
    assert "550 no such user here" in page
    assert 'name="_save"' not in page


def test_nothing_is_changed_there_by_hand(cast: Cast, failed: Delivery) -> None:
    client = browser(cast.ada)
    for path in (f"{LIST}add/", f"{LIST}{failed.pk}/delete/"):
        assert client.get(path).status_code == 403
    answer = client.post(f"{LIST}{failed.pk}/change/", {"state": "sent"})
    assert answer.status_code == 403
    failed.refresh_from_db()
    assert failed.state == Delivery.State.FAILED


def test_blocked_addresses_are_listed(cast: Cast) -> None:
    Blocked.objects.create(address="gone@example.org", why=Blocked.Why.BOUNCED, error="5.1.1")
    page = browser(cast.ada).get("/admin/notifications/blocked/").content.decode()
    assert "gone@example.org" in page
    assert "5.1.1" in page


def test_members_do_not_see_it(cast: Cast, failed: Delivery) -> None:
    assert browser(cast.alice).get(LIST).status_code == 302
