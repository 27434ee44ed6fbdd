"""System checks say what is wrong before it goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from pytest_django.fixtures import Settings

from codetrack.core import checks


def test_every_job_of_the_house_is_named_rightly() -> None:
    assert checks.names_of_jobs(None) == []


def test_a_wrong_name_of_a_job_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "services.py").write_text('jobs.later(\n    "core.no_such", 1)\n')
    config = AppConfig.__new__(AppConfig)
    config.name, config.path = "codetrack.pretend", str(tmp_path)
    monkeypatch.setattr(apps, "get_app_configs", lambda: [config])
    [error] = checks.names_of_jobs(None)
    assert "services.py" in error.msg and "core.no_such" in error.msg


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("", False),
        ("smtp://mail.example.org", False),
        ("smtps://u:p%40ss@mail.example.org:465", False),
        ("mail.example.org:25", True),
        ("http://mail.example.org", True),
        ("smtp://:587", True),
        ("smtp://mail.example.org:notaport", True),
    ],
)
def test_the_mail_server_has_to_be_understood(settings: Settings, url: str, wrong: bool) -> None:
    settings.MAIL_URL = url
    assert bool(checks.mail_url(None)) == wrong
