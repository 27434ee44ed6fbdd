"""System checks of core: jobs are named rightly, and the mail server can be understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks

from codetrack.core import jobs

LATER = re.compile(r"""\bjobs\.later\(\s*["']([^"']+)["']""")


def register() -> None:
    checks.register(names_of_jobs)
    checks.register(mail_url)


def names_of_jobs(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Every name that the sources of our apps give to `jobs.later` is a task.

    Names are resolved when they are called as well; this finds a wrong one before that.
    """
    chosen = app_configs or apps.get_app_configs()
    ours = [config for config in chosen if config.name.startswith("codetrack.")]
    found = [use for config in ours for use in _uses(Path(config.path))]
    return [checks.Error(str(wrong), id="core.E001") for use in found if (wrong := _wrong(*use))]


def _uses(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*.py")):
        for name in LATER.findall(path.read_text()):
            yield path, name


def _wrong(path: Path, name: str) -> str:
    try:
        jobs.resolve(name)
    except LookupError as error:
        return f"{path}: {error}"
    return ""


def mail_url(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """CODETRACK_MAIL_URL has the form that `core.smtp` understands."""
    if not settings.MAIL_URL:
        return []
    try:
        url = urlsplit(settings.MAIL_URL)
        understood = url.scheme in {"smtp", "smtps"} and url.hostname and url.port != 0
    except ValueError:
        understood = False
    if understood:
        return []
    hint = "Write smtp://user:password@host:587 or smtps://user:password@host:465."
    return [checks.Error("CODETRACK_MAIL_URL cannot be used.", hint=hint, id="core.E002")]
