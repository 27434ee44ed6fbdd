"""A log never holds what a function held: passwords and tokens pass through local variables."""

from __future__ import annotations

import json
import logging
import logging.config

import pytest

from codetrack.config import logs


def _fail() -> None:
    password = " ".join(["correct", "horse", "battery", "staple"])
    raise ValueError(f"no good, {len(password)} characters")


@pytest.fixture(params=[False, True], ids=["text", "json"])
def formatter(request: pytest.FixtureRequest) -> logging.Formatter:
    config = logs.config(as_json=request.param)
    return logging.config.DictConfigurator(config).configure_formatter(
        config["formatters"]["house"]
    )


def test_a_traceback_in_the_log_has_no_values(formatter: logging.Formatter) -> None:
    try:
        _fail()
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    line = formatter.format(logging.LogRecord("x", logging.ERROR, "", 1, "broken", None, info))
    assert "_fail" in line and "no good, 28 characters" in line
    assert "correct horse battery staple" not in line


def test_a_json_line_is_one_object(formatter: logging.Formatter) -> None:
    line = formatter.format(logging.LogRecord("x", logging.INFO, "", 1, "fine", None, None))
    assert "fine" in line
    if line.startswith("{"):
        assert json.loads(line)["event"] == "fine"


def test_what_a_stranger_sent_forges_no_line(formatter: logging.Formatter) -> None:
    """It may be in the message, in a value or in an error."""
    evil = "a\0b\x1b[2Jc\r\nforged\x85"
    try:
        raise ValueError(evil)
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    for told in ("gone: %s", {"event": "gone", "path": evil}):
        arguments = (evil,) if isinstance(told, str) else None
        record = logging.LogRecord("x", logging.INFO, "", 1, told, arguments, None)
        line = formatter.format(record)
        assert line.isprintable() and "forged" in line
    broken = formatter.format(logging.LogRecord("x", logging.INFO, "", 1, "no", None, info))
    assert broken.replace("\n", "").isprintable()
