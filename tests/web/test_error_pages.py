"""What a person reads when something went wrong."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from codetrack.core.errors import Conflict, NotAllowed, TooMany
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

ERRORS: dict[str, Exception] = {
    "missing": Http404(),
    "explained": Http404("This invitation link is no longer valid. Ask for a new one."),
    "forbidden": PermissionDenied("Only the admin of the institute may see this."),
    "suspicious": SuspiciousOperation("bad"),
    "not-allowed": NotAllowed("Only its owner may unlink a handle."),
    "conflict": Conflict("Somebody proved this handle a moment ago."),
    "too-many": TooMany("Try again in 40 seconds.", retry_after=40),
    "broken": RuntimeError("secret detail"),
    "full": OperationalError(),
}


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    raise ERRORS[kind]


urlpatterns = [path("fail/<kind>/", fail), path("", include("codetrack.config.urls"))]
handler400 = "codetrack.web.views.bad_request"
handler403 = "codetrack.web.views.permission_denied"
handler404 = "codetrack.web.views.not_found"
handler500 = "codetrack.web.views.server_error"


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("kind", "status", "sentence"),
    [
        ("missing", 404, "There is nothing here"),
        ("explained", 404, "This invitation link is no longer valid. Ask for a new one."),
        ("forbidden", 403, "Only the admin of the institute may see this."),
        ("suspicious", 400, "That request made no sense to us"),
        ("not-allowed", 403, "Only its owner may unlink a handle."),
        ("conflict", 409, "Somebody proved this handle a moment ago."),
        ("too-many", 429, "Try again in 40 seconds."),
        ("broken", 500, "Something broke on our side"),
    ],
)
def test_each_error_says_what_happened(
    visitor: Client, kind: str, status: int, sentence: str
) -> None:
    answer = visitor.get(f"/fail/{kind}/")
    assert answer.status_code == status
    assert sentence in answer.content.decode()


def test_a_row_that_is_not_found_names_no_table(visitor: Client, cast: Cast) -> None:
    visitor.force_login(cast.alice)
    said = visitor.get("/members/nobody/").content.decode()
    assert "The address may be mistyped" in said and "given query" not in said


@pytest.mark.parametrize("kind", ["missing", "broken"])
def test_each_error_page_has_the_icon(visitor: Client, kind: str) -> None:
    assert 'href="/static/web/favicon.svg"' in visitor.get(f"/fail/{kind}/").content.decode()


@pytest.mark.parametrize("kind", ["missing", "broken"])
def test_there_is_a_reference_to_quote(visitor: Client, kind: str) -> None:
    answer = visitor.get(f"/fail/{kind}/")
    assert f"<code>{answer['X-Request-Id']}</code>" in answer.content.decode()


def test_details_of_a_crash_stay_inside(visitor: Client) -> None:
    assert "secret detail" not in visitor.get("/fail/broken/").content.decode()


def test_a_disk_without_room_is_no_crash(visitor: Client) -> None:
    ERRORS["full"].__cause__ = psycopg.errors.DiskFull()
    answer = visitor.get("/fail/full/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
    assert "The disk is full; what you sent was not saved." in answer.content.decode()


def test_the_crash_page_needs_no_database(visitor: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert visitor.get("/fail/broken/").status_code == 500


def test_a_form_without_its_token_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "reload the page and send it again" in answer.content.decode()


MULTIPART = "multipart/form-data; boundary=x; charset="


@pytest.mark.parametrize("charset", ["hex", "utf-16", "rot13"])
def test_another_charset_than_utf_8_is_refused(charset: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get("/accounts/login/")
    body = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\nzz\r\n--x--\r\n'
    answer = browser.generic("POST", "/accounts/login/", body, MULTIPART + charset)
    assert answer.status_code == 400
    assert "That request made no sense to us" in answer.content.decode()


def test_a_request_for_another_host_gets_a_page() -> None:
    answer = Client(headers={"host": "evil.example"}).get("/")
    assert answer.status_code == 400
    assert f"<code>{answer['X-Request-Id']}</code>" in answer.content.decode()


def test_a_monitor_is_answered_whatever_host_it_names() -> None:
    assert Client(headers={"host": "10.1.2.3:81"}).get("/healthz").status_code == 200


def test_a_cookie_with_a_null_is_refused(client: Client) -> None:
    name = settings.SESSION_COOKIE_NAME
    answer = client.get("/", headers={"cookie": f'{name}="aaaaaaaaaa\\000bbb"'})
    assert answer.status_code == 400


def test_a_form_of_too_many_fields_is_refused(visitor: Client) -> None:
    answer = visitor.post("/theme/", {f"field{n}": "" for n in range(1001)})
    assert answer.status_code == 400


@pytest.mark.parametrize("kind", ["missing", "suspicious", "too-many", "broken"])
def test_an_error_page_never_lands_in_a_part_of_a_page(visitor: Client, kind: str) -> None:
    answer = visitor.get(f"/fail/{kind}/", headers={"HX-Request": "true"})
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("body", "innerHTML")
    assert answer["HX-Reselect"] == "body"  # there is no such part in it as was asked for
    assert "HX-Retarget" not in visitor.get(f"/fail/{kind}/")


def test_a_part_asked_for_after_the_session_ended_has_its_page_reloaded(visitor: Client) -> None:
    answer = visitor.get("/settings/handles/", headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"
    assert visitor.get("/settings/handles/").status_code == 302
