"""`codetrack doctor`: what is there, what is missing, and how to mend it. It changes nothing."""

from __future__ import annotations

import shutil
import smtplib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

GOOD, WARN, BAD = "ok", "look", "BAD"
LOW_DISK_BYTES = 500_000_000
CLOCK_SECONDS = 5
CONNECT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `mend` says what to do unless it is good."""

    level: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        line = f"{self.level:>4}  {self.what}"
        return f"{line}\n      → {self.mend}" if self.mend else line


def examine() -> int:
    """Print a finding a line. Returns 1 when something is broken, else 0."""
    from codetrack.config.start import use_settings

    use_settings()
    broken = 0
    for finding in _findings():
        print(finding)
        broken += finding.level == BAD
    print(f"\n{broken} broken." if broken else "\nAll well.")
    return 1 if broken else 0


def _findings() -> Iterator[Finding]:
    looks: list[Callable[[], Iterator[Finding]]] = [
        _python,
        _settings,
        _data_folder,
        _front_end,
        _database,
        _mail,
        _platforms,
    ]
    for look in looks:
        yield from look()


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(GOOD, f"Python {version}; Node is needed to build the pages only")


def _settings() -> Iterator[Finding]:
    from django.conf import settings
    from django.core import checks
    from django.db import DatabaseError

    deployed = settings.SECURE and not settings.DEBUG
    try:
        found = checks.run_checks(include_deployment_checks=deployed)
    except DatabaseError:
        return  # they look at the database too, and `_database` tells of it
    for message in found:
        level = BAD if message.is_serious() else WARN
        yield Finding(level, f"{message.id}: {message.msg}", message.hint or "")
    if not found:
        yield Finding(GOOD, f"settings, for {settings.CODETRACK_URL}")
    if settings.DEBUG:
        yield Finding(WARN, "CODETRACK_DEBUG is on", "Unset it where others can reach this.")


def _data_folder() -> Iterator[Finding]:
    from django.conf import settings

    from codetrack.config.start import Refused, check_data_folder

    try:
        check_data_folder(settings.DATA)
    except Refused as error:
        yield Finding(BAD, f"data folder {settings.DATA}", str(error))
        return
    yield Finding(GOOD, f"data folder {settings.DATA}")
    free = shutil.disk_usage(settings.DATA).free
    room = f"{free / 1e9:,.1f} GB of disk left"
    if free < LOW_DISK_BYTES:
        yield Finding(WARN, room, "Make room, or move the folder and set CODETRACK_DATA.")
    else:
        yield Finding(GOOD, room)


def _front_end() -> Iterator[Finding]:
    from django.conf import settings

    manifest: Path = settings.DJANGO_VITE["default"]["manifest_path"]
    if manifest.exists():
        yield Finding(GOOD, "pages are built")
    else:
        yield Finding(BAD, "pages are not built", "Run: npm ci && npm run build")


def _database() -> Iterator[Finding]:
    from django.db import DatabaseError, connection

    from codetrack.config.health import pending_migrations

    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {_version_function(connection.vendor)}")
            version = str(cursor.fetchone()[0]).split(" (")[0]
        pending = pending_migrations()
        yield Finding(GOOD, f"database {connection.display_name} {version}")
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        yield Finding(BAD, f"database: {reason}", "See DATABASE_URL and whether it runs.")
        return
    if pending:
        yield Finding(BAD, f"{len(pending)} migrations wait", "Run: codetrack manage migrate")
        return
    yield Finding(GOOD, "migrations are applied")
    yield from _clock()
    yield from _jobs()
    yield from _judges()


def _version_function(vendor: str) -> str:
    return "sqlite_version()" if vendor == "sqlite" else "current_setting('server_version')"


def _clock() -> Iterator[Finding]:
    """Leases and mail links compare times of this machine and of the database's."""
    from django.db import connection

    from codetrack.core import clock

    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        apart = abs(float(cursor.fetchone()[0]) - clock.timestamp())
    if apart > CLOCK_SECONDS:
        told = f"this clock and the database's are {apart:,.0f} s apart"
        yield Finding(BAD, told, "Let both machines follow NTP.")
    else:
        yield Finding(GOOD, "clock agrees with the database")


def _jobs() -> Iterator[Finding]:
    from codetrack.core import clock
    from codetrack.core.models import Job

    late = Job.objects.filter(status=Job.Status.READY, run_at__lt=clock.now()).order_by("run_at")
    failed = Job.objects.filter(status=Job.Status.FAILED).count()
    oldest = late.first()
    age = (clock.now() - oldest.run_at).total_seconds() if oldest else 0
    if oldest and age > 60:
        told = f"{late.count()} jobs are due, the oldest for {age / 60:,.0f} minutes"
        yield Finding(WARN, told, "Is `codetrack up` or `codetrack worker` running?")
    else:
        yield Finding(GOOD, "no job waits for long")
    if failed:
        yield Finding(WARN, f"{failed} jobs have failed", "See them at /admin/core/job/.")


def _judges() -> Iterator[Finding]:
    """What each machine last said; the self-test of this one is `codetrack judge doctor`."""
    from codetrack.core import clock, stations
    from codetrack.core.stations import State

    places = stations.known(stations.JUDGE)
    if not places:
        told = "no judge has been started: submissions would wait"
        yield Finding(WARN, told, "Start `codetrack up` or `codetrack worker`.")
    for place in places:
        if place.is_away:
            when = place.seen_at or place.checked_at or clock.now()
            told = f"the judge of {place.host} is away, last seen {when:%Y-%m-%d %H:%M} UTC"
            yield Finding(WARN, told, "Start `codetrack up` or `codetrack worker` there.")
        elif place.state == State.READY:
            languages = len([one for one in place.facts.get("languages", []) if one["usable"]])
            told = f"the judge of {place.host} is ready: level {place.level}"
            yield Finding(GOOD, f"{told}, {languages} languages")
        elif place.state == State.REFUSED:
            yield Finding(WARN, f"the judge of {place.host} refuses: {place.reason}", place.remedy)
        else:
            yield Finding(GOOD, f"the judge of {place.host} is off, by CODETRACK_JUDGE_WORKERS=0")


def _mail() -> Iterator[Finding]:
    from django.conf import settings

    if not settings.MAIL_URL:
        told = "no mail server: mails wait in the outbox"
        yield Finding(WARN, told, "Set CODETRACK_MAIL_URL, like smtp://user:password@host:587")
        return
    url = urlsplit(settings.MAIL_URL)
    where = f"mail server {url.hostname}:{url.port or 'usual port'}"
    connect = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    try:
        with connect(url.hostname or "", url.port or 0, timeout=CONNECT_SECONDS) as server:
            server.noop()
        yield Finding(GOOD, f"{where} answers")
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(BAD, f"{where}: {error}", "See CODETRACK_MAIL_URL.")


def _platforms() -> Iterator[Finding]:
    from django.conf import settings

    for key, platform in settings.PLATFORMS.items():
        if not platform["enabled"]:
            told = f"{key} is switched off"
            yield Finding(WARN, told, f"Unset CODETRACK_{key.upper()}_ENABLED to read it.")
        else:
            yield Finding(GOOD, f"{key} is read at {platform['url']}, ≥ {platform['interval']} s")
    if not settings.CONTACT and not settings.DEMO:
        told = "platforms are not told whom to write to"
        yield Finding(WARN, told, "Set CODETRACK_CONTACT to an address of yours.")
