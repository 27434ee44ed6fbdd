"""`codetrack live`: the sockets in processes of their own, on the database of the club."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from django.db import connection
from websockets.exceptions import InvalidStatus

from codetrack.accounts import services
from tests.cast import Cast
from tests.live.clients import Socket, happen
from tests.postgres import free_port
from tests.running import CODETRACK, status, surroundings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform == "win32", reason="Gunicorn needs a Unix."),
]


def database_of_the_tests() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


class Gunicorn:
    """`codetrack live` until the block ends."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        more = {"PORT": str(self.port), "DATABASE_URL": database_of_the_tests()}
        self.process = subprocess.Popen(
            [*CODETRACK, "live", "--log-level=error", "--workers=2", "--graceful-timeout=600"],
            env=surroundings(data, **more),
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture
def gunicorn(tmp_path: Path) -> Iterator[Gunicorn]:
    gunicorn = Gunicorn(tmp_path)
    try:
        assert status(f"http://127.0.0.1:{gunicorn.port}/healthz") == 200
        yield gunicorn
    finally:
        gunicorn.process.kill()
        gunicorn.process.wait(timeout=30)


def test_every_process_tells_and_says_goodbye(gunicorn: Gunicorn, cast: Cast) -> None:
    _token, secret = services.create_token(owner=cast.alice, name="test", may_write=False)
    bearer = {"Authorization": f"Bearer {secret}"}
    topic = f"account:{cast.alice.pk}"
    with Socket(gunicorn.port, bearer) as first, Socket(gunicorn.port, bearer) as second:
        for client in (first, second):
            client.listen(topic)
        happen(topic, number=4)
        assert first.numbers(1) == second.numbers(1) == [4]
        gunicorn.process.send_signal(signal.SIGTERM)
        assert [client.closed()[0] for client in (first, second)] == [1012, 1012]
        assert gunicorn.process.wait(timeout=60) == 0, "it waits for nobody to leave by himself"


def test_it_refuses_strangers_and_long_messages(gunicorn: Gunicorn, cast: Cast) -> None:
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"http://127.0.0.1:{gunicorn.port}/dashboard/", timeout=60)
    with pytest.raises(InvalidStatus) as refusal, Socket(gunicorn.port, {}):
        pass
    assert refusal.value.response.status_code == 403
    _token, secret = services.create_token(owner=cast.alice, name="test", may_write=False)
    with Socket(gunicorn.port, {"Authorization": f"Bearer {secret}"}) as client:
        client.say({"listen": ["x" * 4_096]})
        assert client.closed()[0] == 1009
