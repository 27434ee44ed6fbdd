"""On a full disk nobody is blamed, and nothing is said to be saved that is not."""

from __future__ import annotations

import http.cookiejar
import json
import re
import resource
import sys
import urllib.error
import urllib.parse
import urllib.request
from email.message import Message
from pathlib import Path

import pytest

from codetrack.core.limits import PROBE_SECONDS
from tests.core.waiting import until
from tests.running import Club

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="needs prlimit to free the disk again"),
]
ROOM = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


class Visitor:
    """Signs up, as a browser does."""

    def __init__(self, club: Club) -> None:
        self.club = club
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def ask(self, path: str, **form: str) -> tuple[int, str, Message]:
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(self.club.url + path, data, timeout=60) as answer:
                return answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(), error.headers

    def sign_up(self) -> tuple[int, str, Message]:
        page = self.ask("/accounts/signup/")[1]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        return self.ask(
            "/accounts/signup/",
            csrfmiddlewaretoken=token[1],
            email="ada@club.example",
            username="ada",
            password1="an-analytical-engine",
        )


def test_full_disk_is_said_to_be_full_until_there_is_room(tmp_path: Path) -> None:
    """The club may make no file longer, which it notices as it does a disk without room."""
    with Club(tmp_path / "club") as club:
        visitor, pid = Visitor(club), club.process.pid
        assert visitor.ask("/readyz")[0] == 200
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        until(lambda: visitor.ask("/readyz")[0] == 503, seconds=12 * PROBE_SECONDS)
        told = json.loads(visitor.ask("/readyz")[1])["database"]
        assert told.startswith("disk ")
        status, page, headers = visitor.sign_up()
        assert (status, headers["Retry-After"]) == (503, "300")
        assert "what you sent was not saved" in page
        assert visitor.ask("/")[0] == 200
        resource.prlimit(pid, resource.RLIMIT_FSIZE, ROOM)
        assert visitor.sign_up()[0] == 200
        assert visitor.ask("/readyz")[0] == 200
