"""Who is let in to listen, and how everybody else is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from websockets.exceptions import InvalidStatus

from codetrack.accounts import services
from codetrack.accounts.models import ApiToken, User
from codetrack.core import clock
from codetrack.live import keys
from tests.cast import Cast
from tests.core.waiting import until
from tests.live.clients import Socket, session_of
from tests.live.conftest import Server

type Opens = Callable[[User], Socket]


def refused(server: Server, path: str = "/ws/", **headers: str) -> int:
    """The status of a handshake that fails."""
    with pytest.raises(InvalidStatus) as refusal, Socket(server.port, headers, path):
        pass
    return refusal.value.response.status_code


def own(server: Server) -> str:
    return f"http://localhost:{server.port}"


def test_the_first_word_is_the_newest_place(page: Opens, cast: Cast) -> None:
    from codetrack.core import events

    assert page(cast.alice).hello == events.last()


def test_an_outsider_of_every_institute_may_listen_to_their_own(page: Opens, cast: Cast) -> None:
    topic = f"account:{cast.charlie.pk}"
    assert page(cast.charlie).listen(topic) == [topic]


def test_who_is_not_signed_in_is_refused(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    known = settings.SESSION_COOKIE_NAME
    cookies = ["", "session=1", f"{known}=x", f"{known}={'a' * 32}", f'{known}="\\000"']
    found = [refused(server, Cookie=cookie, Origin=own(server)) for cookie in cookies]
    assert found == [401] * len(cookies)
    assert caplog.records == []  # strangers do not fill the log


def test_who_signed_out_is_refused(server: Server, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.alice)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    client.logout()
    assert refused(server, Cookie=cookie, Origin=own(server)) == 401


def test_a_member_who_is_no_longer_active_is_refused(server: Server, cast: Cast) -> None:
    cookie = session_of(cast.alice)
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert refused(server, Cookie=cookie, Origin=own(server)) == 401


def test_a_page_of_another_site_is_refused(server: Server, cast: Cast) -> None:
    cookie = session_of(cast.alice)
    others = ["https://evil.example", "null", "http://localhost:1", "", own(server) + ".example"]
    found = [refused(server, Cookie=cookie, Origin=origin) for origin in others]
    assert found == [403] * len(others)


def test_a_browser_that_names_no_origin_is_refused(server: Server, cast: Cast) -> None:
    assert refused(server, Cookie=session_of(cast.alice)) == 403


def test_a_host_that_is_not_ours_makes_no_page_our_own() -> None:
    headers = {"host": "evil.example", "origin": "http://evil.example"}
    assert not keys.is_own_page(headers)


def test_the_address_of_the_club_is_its_own_behind_any_proxy() -> None:
    headers = {"host": "10.0.0.7:8000", "origin": "http://localhost:8000"}
    assert keys.is_own_page(headers)


def test_a_wrong_token_is_refused(server: Server) -> None:
    tokens = ["ct_none_none", "Basic", "ct_", "x" * 3_000]
    found = [refused(server, Authorization=f"Bearer {token}") for token in tokens]
    assert found == [401] * len(tokens)


def test_a_wrong_token_never_falls_back_to_the_session(server: Server, cast: Cast) -> None:
    headers = {"Cookie": session_of(cast.alice), "Origin": own(server)}
    assert refused(server, Authorization="Bearer ct_x_y", **headers) == 401


def test_an_expired_token_is_refused(server: Server, cast: Cast) -> None:
    _token, secret = services.create_token(owner=cast.alice, name="old", may_write=False)
    ApiToken.objects.update(expires_at=clock.now())
    assert refused(server, Authorization=f"Bearer {secret}") == 401


def test_there_is_no_other_socket(server: Server, cast: Cast) -> None:
    headers = {"Cookie": session_of(cast.alice), "Origin": own(server)}
    for path in ("/", "/ws", "/ws/more", "/api/events/"):
        assert refused(server, path, **headers) == 404


def test_the_31st_connection_of_a_member_is_refused(
    server: Server, page: Opens, cast: Cast
) -> None:
    opened = [page(cast.alice) for _ in range(30)]
    headers = {"Cookie": session_of(cast.alice), "Origin": own(server)}
    assert refused(server, **headers) == 429
    page(cast.bob)
    opened[0].connection.close()
    until(lambda: server.hub.count_of(cast.alice.pk) == 29)
    page(cast.alice)


def test_a_full_process_sends_people_away(
    server: Server, page: Opens, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LIVE_CONNECTIONS", 1)
    page(cast.alice)
    headers = {"Cookie": session_of(cast.bob), "Origin": own(server)}
    with pytest.raises(InvalidStatus) as refusal, Socket(server.port, headers):
        pass
    response = refusal.value.response
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
