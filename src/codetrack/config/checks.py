"""Says which setting is wrong and how to mend it, before anybody runs into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage


def register() -> None:
    checks.register(check_settings)


def check_settings(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every complaint about the environment, as `codetrack.E001` and so on."""
    return [*_address(), *_platforms(), *_judge(), *_database()]


def _address() -> Iterator[CheckMessage]:
    url = urlsplit(settings.CODETRACK_URL)
    if url.scheme not in {"http", "https"} or not url.hostname or url.path:
        yield checks.Error(
            f"CODETRACK_URL is {settings.CODETRACK_URL!r}, which is not the address of a site.",
            hint="Give scheme and host and nothing more, like https://club.example.",
            id="codetrack.E001",
        )
    if url.scheme == "https" and not settings.TRUSTED_PROXIES:
        yield checks.Error(
            "CODETRACK_URL is https, but no proxy is trusted to say that a request came by https.",
            hint="Say how many proxies stand in front, usually CODETRACK_TRUSTED_PROXIES=1.",
            id="codetrack.E002",
        )


def _platforms() -> Iterator[CheckMessage]:
    for key, platform in settings.PLATFORMS.items():
        name = f"CODETRACK_{key.upper()}"
        if urlsplit(platform["url"]).scheme not in {"http", "https"}:
            yield checks.Error(
                f"{name}_URL is {platform['url']!r}, which is not an address.",
                hint="Give scheme and host, or unset it to ask the platform itself.",
                id="codetrack.E003",
            )
        if platform["interval"] < 0:
            yield checks.Error(
                f"{name}_INTERVAL is {platform['interval']}; time does not run backwards.",
                hint="Give the seconds between two requests.",
                id="codetrack.E004",
            )


def _judge() -> Iterator[CheckMessage]:
    if settings.JUDGE_WORKERS < 0:
        yield checks.Error(
            f"CODETRACK_JUDGE_WORKERS is {settings.JUDGE_WORKERS}; it is a number of programs.",
            hint="Give 0 to judge nothing here, or unset it to use every core.",
            id="codetrack.E005",
        )


def _database() -> Iterator[CheckMessage]:
    if settings.STATEMENT_SECONDS < 0:
        yield checks.Error(
            f"CODETRACK_STATEMENT_SECONDS is {settings.STATEMENT_SECONDS}; it is a time.",
            hint="Give 0 to wait without a limit, or unset it.",
            id="codetrack.E006",
        )
