"""What an answer means before any adapter has read it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import msgspec
import pytest

from codetrack.platforms.base import (
    Blocked,
    ChangedLayout,
    PlatformError,
    RateLimited,
    Transient,
    check,
    read_json,
)

from .contract import CHALLENGE_PAGE, answer

NUMBERS = msgspec.json.Decoder(list[int])


@pytest.mark.parametrize("status", [200, 400, 404])
def test_answers_for_the_adapter_to_judge_pass(status: int) -> None:
    check(answer({"status": "FAILED"}, status))


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, b"", RateLimited),
        (503, b"Call limit exceeded", RateLimited),
        (401, b"{}", Blocked),
        (403, b"<html>Forbidden</html>", Blocked),
        (200, CHALLENGE_PAGE, Blocked),
        (200, b"<html><script>document.cookie=slowAES.decrypt()</script></html>", Blocked),
        (408, b"", Transient),
        (500, b"", Transient),
        (521, b"<html>Web server is down</html>", Transient),
    ],
)
def test_status_and_page_say_what_happened(
    status: int, body: bytes, kind: type[PlatformError]
) -> None:
    with pytest.raises(kind):
        check(answer(body, status))


def test_the_challenge_header_alone_is_enough() -> None:
    with pytest.raises(Blocked):
        check(answer(b"{}", 200, cf_mitigated="challenge"))


def test_data_that_talks_about_limits_is_still_data() -> None:
    check(answer({"organization": "Too Many Requests Inc."}))


def test_data_that_quotes_a_challenge_page_is_still_data() -> None:
    check(answer({"organization": "<title>Just a moment"}))


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", 7),
        (" 0 ", 0),
        ("soon", None),
        ("", None),
        ("\u00b2", None),
        ("9" * 400, 86_400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
    ],
)
def test_retry_after_in_seconds(header: str, wait: float | None) -> None:
    with pytest.raises(RateLimited) as caught:
        check(answer(b"", 429, retry_after=header))
    assert caught.value.retry_after == wait


@pytest.mark.parametrize(("ahead", "expected"), [(90, 90), (-90, 0)])
def test_retry_after_as_a_date(ahead: int, expected: float) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead), usegmt=True)
    with pytest.raises(RateLimited) as caught:
        check(answer(b"", 429, retry_after=until))
    assert caught.value.retry_after == pytest.approx(expected, abs=3)


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"[1, 2", 200, Transient),
        (b"", 200, Transient),
        (b"\xff\xfe[1]", 200, Transient),
        (b"<html>Maintenance</html>", 200, Transient),
        (b"<html>No such page</html>", 404, ChangedLayout),
        (b'{"numbers": [1]}', 200, ChangedLayout),
        (b'["one"]', 200, ChangedLayout),
    ],
)
def test_what_is_no_such_json(body: bytes, status: int, kind: type[PlatformError]) -> None:
    with pytest.raises(kind):
        read_json(answer(body, status), NUMBERS)


def test_json_is_decoded() -> None:
    assert read_json(answer([1, 2]), NUMBERS) == [1, 2]


def test_data_in_bottomless_brackets_are_no_data() -> None:
    with pytest.raises(Transient):
        read_json(answer(b"[" * 100_000), msgspec.json.Decoder())
