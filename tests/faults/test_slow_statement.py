"""A statement of a page that takes too long: it is stopped, told in our words, and undone."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from codetrack.accounts import queries, services
from codetrack.core.limits import take
from codetrack.core.models import Bucket
from tests.cast import Cast

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls(__name__),
]
#: Longer than any limit of these tests, and shorter than that of the server.
SLEEP = "SELECT pg_sleep(30)"
LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


def ask(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


def limits() -> list[str]:
    return [ask(f"SHOW {name}") for name in LIMITS]


def told(request: HttpRequest) -> HttpResponse:
    return HttpResponse(" ".join(limits()))


def slow(request: HttpRequest) -> HttpResponse:
    """Writes something, and then asks for too much."""
    with transaction.atomic():
        Bucket.objects.create(key="half", tokens=1, at=0)
        ask(SLEEP)
    return HttpResponse("done")


def waiting(request: HttpRequest) -> HttpResponse:
    take("test", "somebody", times=9, per=9)
    return HttpResponse("done")


def absent(request: HttpRequest) -> HttpResponse:
    """Does something else for too long while it has a transaction open."""
    with transaction.atomic():
        Bucket.objects.create(key="half", tokens=1, at=0)
        threading.Event().wait(2)
        Bucket.objects.create(key="other half", tokens=1, at=0)
    return HttpResponse("done")


urlpatterns = [
    path("told/", told),
    path("slow/", slow),
    path("waiting/", waiting),
    path("absent/", absent),
    path("", include("codetrack.config.urls")),
]
handler500 = "codetrack.web.views.server_error"


@pytest.fixture
def visitor() -> Iterator[Client]:
    """Whoever comes first after the server was started: the thread has no connection yet."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite cannot be told how long a statement may take.")
    connection.close()
    yield Client(raise_request_exception=False)
    connection.close()


def test_only_pages_have_limits(visitor: Client, settings: Settings) -> None:
    settings.STATEMENT_SECONDS = 70
    page = visitor.get("/told/").content.decode()
    assert page == "70s 35s 210s"
    connection.close()
    assert set(limits()).isdisjoint(page.split())


def test_without_a_limit_pages_have_what_the_server_has(
    visitor: Client, settings: Settings
) -> None:
    usual = limits()
    connection.close()
    settings.STATEMENT_SECONDS = 0
    assert visitor.get("/told/").content.decode().split() == usual


def test_what_the_address_of_the_database_says_prevails(
    visitor: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        connection.settings_dict, "OPTIONS", {"options": "-c statement_timeout=90s"}
    )
    settings.STATEMENT_SECONDS = 70
    assert visitor.get("/told/").content.decode() == "90s 35s 210s"


def test_a_page_that_takes_too_long_says_so_and_leaves_nothing(
    visitor: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STATEMENT_SECONDS = 1
    answer = visitor.post("/slow/", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "<title>This took too long · CodeTrack</title>" in page
    assert "If you sent something, it was not saved. Try again in a minute" in page
    assert f"<code>{answer['X-Request-Id']}</code>" in page
    assert "pg_sleep" not in page and "Traceback" not in page
    assert answer["HX-Retarget"] == "body"
    assert not Bucket.objects.filter(key="half").exists()
    assert [line["path"] for line in said(caplog)] == ["/slow/"]


def test_who_waits_for_another_is_told_to_send_it_again(
    visitor: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STATEMENT_SECONDS = 2
    take("test", "somebody", times=9, per=9)
    connection.close()
    with another_holds_all_buckets():
        answer = visitor.post("/waiting/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert (
        "Too much was written at once. If you sent something, it was not saved"
        in answer.content.decode()
    )
    (line,) = said(caplog)
    assert re.fullmatch(r"core\.limits:\d+ take", line["at"])
    settings.STATEMENT_SECONDS = 0
    connection.close()
    assert visitor.post("/waiting/").status_code == 200


def test_who_stops_amid_a_transaction_lets_go_of_what_is_locked(
    visitor: Client, settings: Settings
) -> None:
    settings.STATEMENT_SECONDS = 0.2
    answer = visitor.post("/absent/")
    assert answer.status_code == 503
    assert "it was not saved" in answer.content.decode()
    settings.STATEMENT_SECONDS = 0
    assert visitor.get("/told/").status_code == 200
    assert not Bucket.objects.exists()


def test_a_program_is_told_by_a_problem(
    visitor: Client, settings: Settings, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    _token, secret = services.create_token(owner=cast.alice, name="test", may_write=False)
    connection.close()
    settings.STATEMENT_SECONDS = 2
    monkeypatch.setattr(queries, "tokens_of", lambda member: ask(SLEEP))
    answer = visitor.get("/api/me/tokens", headers={"authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (503, "too_slow")
    assert problem["detail"].startswith("This took too long and was stopped.")
    assert problem["request_id"] == answer["X-Request-Id"]


def test_a_monitor_is_told_that_it_is_slow(
    visitor: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STATEMENT_SECONDS = 1
    monkeypatch.setattr("codetrack.config.health.pending_migrations", lambda: ask(SLEEP))
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "too slow")


def said(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """The lines of ours that tell of a database that does not serve."""
    lines = [line.msg for line in caplog.records if isinstance(line.msg, dict)]
    return [line for line in lines if line["event"] == "unavailable"]


@contextmanager
def another_holds_all_buckets() -> Iterator[None]:
    other = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT * FROM core_bucket FOR UPDATE")
        yield
        other.rollback()
    finally:
        other.close()
