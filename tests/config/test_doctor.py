"""`codetrack doctor` says what is amiss and how to mend it, and changes nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from codetrack.config import doctor
from codetrack.core import clock, stations
from codetrack.core.models import Job
from codetrack.core.stations import JUDGE, Report, State
from tests.postgres import free_port


@pytest.mark.django_db
def test_healthy_club(capsys: pytest.CaptureFixture[str]) -> None:
    code = doctor.examine()
    told = capsys.readouterr().out
    assert code == 0
    assert "migrations are applied" in told
    assert "no job waits for long" in told
    assert told.endswith("All well.\n")


@pytest.mark.django_db
def test_mail_server_that_does_not_answer_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(MAIL_URL=f"smtp://127.0.0.1:{free_port()}"):
        code = doctor.examine()
    told = capsys.readouterr().out
    assert code == 1
    assert "BAD  mail server 127.0.0.1" in told
    assert "→ See CODETRACK_MAIL_URL." in told
    assert told.endswith("1 broken.\n")


@pytest.mark.django_db
def test_jobs_that_wait_and_jobs_that_failed_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    then = clock.now() - timedelta(minutes=10)
    Job.objects.bulk_create(
        Job(
            task="x",
            queue="mail",
            args={},
            max_attempts=5,
            run_at=then,
            enqueued_at=then,
            status=status,
        )
        for status in (Job.Status.READY, Job.Status.FAILED)
    )
    assert doctor.examine() == 0
    told = capsys.readouterr().out
    assert "1 jobs are due, the oldest for 10 minutes" in told
    assert "1 jobs have failed" in told


@pytest.mark.django_db
def test_the_judges_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.examine() == 0
    assert "no judge has been started" in capsys.readouterr().out
    languages = [{"id": "c17", "usable": True}, {"id": "go", "usable": False}]
    found = {
        "attic": Report(state=State.OFF),
        "barn": Report(state=State.REFUSED, reason="No bubblewrap.", remedy="Install it."),
        "gone": Report(state=State.READY, level="A"),
        "mill": Report(state=State.READY, level="B", facts={"languages": languages}),
    }
    for host, report in found.items():
        stations.report(kind=JUDGE, host=host, found=report)
    stations.leave(kind=JUDGE, host="gone")
    assert doctor.examine() == 0
    told = capsys.readouterr().out
    assert "ok  the judge of mill is ready: level B, 1 languages" in told
    assert "look  the judge of barn refuses: No bubblewrap.\n      → Install it." in told
    assert "look  the judge of gone is away" in told
    assert "the judge of attic is off" in told


@pytest.mark.django_db
def test_pages_that_are_not_built_are_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with override_settings(DJANGO_VITE={"default": {"manifest_path": tmp_path / "none"}}):
        code = doctor.examine()
    assert code == 1
    assert "Run: npm ci && npm run build" in capsys.readouterr().out


@pytest.mark.django_db
def test_settings_that_cannot_work_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(CODETRACK_URL="club.example"):
        code = doctor.examine()
    assert code == 1
    assert "codetrack.E001" in capsys.readouterr().out
