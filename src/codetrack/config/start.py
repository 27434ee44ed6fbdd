"""What has to be true before anything is served; each failure is one sentence, not a traceback."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: A file that marks a data folder as the demo's.
DEMO_MARK = "demo-club"


class Refused(Exception):
    """CodeTrack cannot start; the text is one sentence that says why and what to do."""


def use_settings() -> None:
    """Load the settings and the apps. Raises `env.BadSetting`."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "codetrack.config.settings")
    django.setup()


def keep_private(folder: Path) -> None:
    """What this process writes is for its own user alone, and so is what an older one has written.

    A folder that was there already keeps its mode: it may be more than ours.
    """
    os.umask(0o077)
    for path in (*folder.glob("*.sqlite3*"), folder / "secret_key"):
        with suppress(OSError):  # not there, or not ours to change
            path.chmod(0o600)


def check_data_folder(folder: Path) -> None:
    """Make the folder of the club and see whether it takes a file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"room for a page" * 300)
    except OSError as error:
        raise Refused(
            f"The data folder {folder} cannot be written: {error.strerror}. "
            "Choose another with CODETRACK_DATA."
        ) from error


def check_no_demo(folder: Path) -> None:
    if (folder / DEMO_MARK).exists():
        raise Refused(
            f"{folder} holds the demo club, whose passwords everybody knows: "
            "give the real one another folder with CODETRACK_DATA."
        )


def check_front_end(manifest: Path) -> None:
    if not manifest.exists():
        raise Refused("The pages are not built: run `npm ci && npm run build` first.")


def check_settings() -> None:
    from django.core import checks

    with _answering_database():
        serious = [found for found in checks.run_checks() if found.is_serious()]
    serious.sort(key=lambda found: not str(found.id).startswith("codetrack."))
    if serious:
        raise Refused(" ".join(part for part in (serious[0].msg, serious[0].hint) if part))


def migrate() -> None:
    """Bring the database up to date; each migration is whole or not there at all."""
    from django.core.management import call_command

    with _answering_database():
        call_command("migrate", verbosity=0, interactive=False)


def check_migrated() -> None:
    """For processes that stand beside others: one of them migrates, on purpose."""
    from codetrack.config.health import pending_migrations

    with _answering_database():
        pending = pending_migrations()
    if pending:
        raise Refused(
            f"The database waits for {len(pending)} migrations: "
            "run `codetrack manage migrate` first."
        )


@contextmanager
def _answering_database() -> Iterator[None]:
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        raise Refused(
            f"The database cannot be used: {reason}. "
            "See DATABASE_URL and CODETRACK_DATA, or ask `codetrack doctor`."
        ) from error


def prepare() -> None:
    """Everything that `codetrack up` makes sure of, once its port is claimed."""
    from django.conf import settings

    check_data_folder(settings.DATA)
    check_front_end(settings.DJANGO_VITE["default"]["manifest_path"])
    check_settings()
    migrate()
