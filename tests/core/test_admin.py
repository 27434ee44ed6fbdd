"""A site admin sees the queue and starts again what failed; nobody else gets in."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from codetrack.accounts.models import User
from codetrack.core import clock
from codetrack.core.models import Event, Job, OutgoingMail, Schedule, Station
from codetrack.core.testing import run_jobs
from tests.core import work
from tests.core.names import later

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client) -> Client:
    user = User.objects.create_superuser("ada", "ada@example.org", "a long password")
    client.force_login(user)
    return client


@pytest.fixture
def rows() -> dict[str, object]:
    """The primary key of one row of each kind."""
    at = clock.now()
    job = later(work.refuse)
    run_jobs()
    mail = OutgoingMail.objects.create(
        message_id="<1@x>", sender="a@x", recipients=["b@x"], subject="Hi", created_at=at
    )
    return {
        "job": job,
        "schedule": Schedule.objects.create(name="tests", next_at=at).pk,
        "outgoingmail": mail.pk,
        "event": Event.objects.create(tag="tests:a:b", at=at).pk,
        "station": Station.objects.create(kind="judge", host="mill", state="off").pk,
    }


def test_every_page_opens(ada: Client, rows: dict[str, object]) -> None:
    for name in rows:
        assert ada.get(reverse(f"admin:core_{name}_changelist")).status_code == 200
    assert "This will never do." in look(ada, "job", rows)


def test_the_text_of_a_mail_is_not_shown(ada: Client, rows: dict[str, object]) -> None:
    OutgoingMail.objects.update(message=b"a link that signs in")
    page = look(ada, "outgoingmail", rows)
    assert "Hi" in page and "field-message_id" in page and 'field-message"' not in page


def test_nothing_is_added_or_deleted_by_hand(ada: Client, rows: dict[str, object]) -> None:
    for name, pk in rows.items():
        assert ada.get(reverse(f"admin:core_{name}_add")).status_code == 403
        assert ada.post(reverse(f"admin:core_{name}_delete", args=[pk])).status_code == 403


def test_a_failed_job_is_run_again(ada: Client) -> None:
    pk = later(work.refuse)
    run_jobs()
    page = act(ada, "job", "run_again", pk)
    assert "1 started again" in page
    assert Job.objects.get().status == Job.Status.READY
    assert "has not failed" in act(ada, "job", "run_again", pk)


def test_a_failed_job_stays_put_while_its_like_waits(ada: Client) -> None:
    pk = later(work.refuse, key="k")
    run_jobs()
    later(work.refuse, key="k")
    assert "one like it waits already" in act(ada, "job", "run_again", pk)
    assert Job.objects.get(pk=pk).status == Job.Status.FAILED


def test_a_periodic_task_is_run_now(ada: Client) -> None:
    Schedule.objects.create(name="tests", next_at=clock.now().replace(year=2099))
    act(ada, "schedule", "run_now", "tests")
    assert Schedule.objects.get().next_at <= clock.now()


def test_a_failed_mail_is_sent_again(ada: Client, settings: Settings) -> None:
    settings.MAIL_URL = "smtp://127.0.0.1:9"
    mail = OutgoingMail.objects.create(
        message_id="<1@x>", sender="a@x", recipients=["b@x"], subject="Hi", created_at=clock.now(),
        state=OutgoingMail.State.FAILED,
    )  # fmt: skip
    assert "1 started again" in act(ada, "outgoingmail", "send_again", mail.pk)
    assert Job.objects.get().task.endswith("send_mail")
    assert "sent already" in act(ada, "outgoingmail", "send_again", mail.pk)


@pytest.mark.parametrize("name", ["job", "schedule", "outgoingmail", "event"])
def test_a_member_does_not_get_in(client: Client, name: str) -> None:
    client.force_login(User.objects.create_user("bob", "bob@example.org", "a long password"))
    assert client.get(reverse(f"admin:core_{name}_changelist")).status_code in {302, 403, 404}


def look(client: Client, name: str, rows: dict[str, object]) -> str:
    address = reverse(f"admin:core_{name}_change", args=[rows[name]])
    return client.get(address).content.decode()


def act(client: Client, name: str, action: str, pk: object) -> str:
    data = {"action": action, "_selected_action": [str(pk)]}
    response = client.post(reverse(f"admin:core_{name}_changelist"), data, follow=True)
    return response.content.decode()
