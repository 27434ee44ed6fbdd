"""How the log looks: lines for people, or one JSON object a line for a log collector."""

from __future__ import annotations

from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
# What these say at INFO is said better by ours, or by nobody.
QUIET = ("django.server", "httpcore2", "httpx2", "mail.log", "uvicorn")

# What a stranger sent must neither begin a line of its own nor move the cursor of a terminal.
_ESCAPED = {code: repr(chr(code))[1:-1] for code in (*range(0x20), *range(0x7F, 0xA0))}
_ESCAPED_IN_TRACEBACK = {code: text for code, text in _ESCAPED.items() if chr(code) not in "\n\t"}


def _escape(logger: object, method: str, event: EventDict) -> EventDict:
    """Each value on one line; what is not text is shown by its `repr`, which does so itself."""
    return {
        key: value.translate(_ESCAPED) if isinstance(value, str) else value
        for key, value in event.items()
    }


def _escape_rest(logger: object, method: str, line: Any) -> str:
    """The traceback, which comes after the values: it keeps its lines."""
    return str(line).translate(_ESCAPED_IN_TRACEBACK)


def config(*, as_json: bool) -> dict[str, Any]:
    """The value of Django's `LOGGING`: everything goes to standard error, in one format."""
    # Both would print the values of local variables by default, passwords and tokens among them.
    text: list[Processor] = [
        _escape,
        structlog.dev.ConsoleRenderer(
            colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
        ),
        _escape_rest,
    ]
    json: list[Processor] = [
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        structlog.processors.JSONRenderer(),
    ]
    last = json if as_json else text
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "house": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "handlers": {"house": {"class": "logging.StreamHandler", "formatter": "house"}},
        "root": {"handlers": ["house"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},
            **{name: {"level": "WARNING"} for name in QUIET},
        },
    }


def use_structlog() -> None:
    """Send what the house logs by structlog through the same handler."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
