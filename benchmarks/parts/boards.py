"""Databases with many members on three boards, for `leaderboard` and `leaderboard-page`.

Made once by the statements below and kept: SQLite files in var/bench/boards, PostgreSQL in a
cluster there (or, for root, in /var/tmp, where its server may walk). Delete these folders to have
them made anew; a change of the tables does so too. `python -m benchmarks.parts.boards fill COUNT`
fills the empty database of DATABASE_URL.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks import common
from tests import postgres

PLATFORMS = ("codeforces", "leetcode", "codechef")
INSTITUTE, FOLLOWED = 5_000, 300
#: By id: who looks, who belongs to institute 1 and follows 300; "member1" by name.
VIEWER = 1
FOLDER = common.RIVALS / "boards"
_FROM_HERE_ON = "# --- making"
APPS = common.ROOT / "src" / "codetrack"


@contextmanager
def made(kind: str, members: int) -> Iterator[str]:
    """The URL of the kept database ("sqlite" or "postgresql") with so many members."""
    with made_all(kind, [members]) as urls:
        yield urls[members]


@contextmanager
def made_all(kind: str, sizes: Sequence[int]) -> Iterator[dict[int, str]]:
    """The URLs of databases with so many members each. One benchmark at a time has them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    names = {size: f"boards_{size}_{_fingerprint()}" for size in sizes}
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kind == "sqlite":
            yield {size: _sqlite(name, size) for size, name in names.items()}
        else:
            with _Kept() as server:
                yield {size: _postgres(server, name, size) for size, name in names.items()}


def _fingerprint() -> str:
    """Of the tables and of the statements that fill them."""
    tables = chain(*(APPS.glob(f"{app}/migrations/*.py") for app in ("accounts", "standings")))
    digest = hashlib.sha256(Path(__file__).read_text().rpartition(_FROM_HERE_ON)[2].encode())
    for path in sorted(tables):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def _sqlite(name: str, members: int) -> str:
    path = FOLDER / f"{name}.sqlite3"
    if not path.exists():
        for old in FOLDER.glob(f"boards_{members}_*"):
            old.unlink()
        making = path.with_suffix(".making")
        for rest in FOLDER.glob(f"{making.name}*"):
            rest.unlink()
        _fill(f"sqlite:///{making}", members)
        making.rename(path)
    return f"sqlite:///{path}"


class _Kept(postgres.Server):
    """A server whose cluster stays when it stops."""

    def __init__(self) -> None:
        self.user = "nobody" if os.geteuid() == 0 else None
        self.folder = Path("/var/tmp/codetrack-bench-boards") if self.user else FOLDER / "postgres"  # noqa: S108
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        self.home = self.folder / "home"
        self.password = "only-for-benchmarks"  # noqa: S105
        self.port = postgres.free_port()
        copied = self.folder / "postgresql" / "bin"
        self.bin = copied if copied.exists() else self._binaries()

    def start(self) -> _Kept:
        if not (self.home / "complete").exists():
            shutil.rmtree(self.home, ignore_errors=True)
            super().start()
            (self.home / "complete").touch()
        else:
            self.stop()  # whoever had it before may have been killed
            settings = " ".join(f"-c {name}={value}" for name, value in postgres.OPTIONS.items())
            how = [f"--timeout={postgres.START_SECONDS}", f"--log={self.home / 'log'}"]
            self._run("pg_ctl", "start", *how, f"--options=-p {self.port} {settings}")
        return self

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--mode=fast", check=False)


def _postgres(server: _Kept, name: str, members: int) -> str:
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as connection:
        rows = connection.execute("SELECT datname FROM pg_database").fetchall()
        if (name,) not in rows:
            for (old,) in rows:
                if old.startswith(f"boards_{members}_"):
                    connection.execute(f'DROP DATABASE "{old}"')
            connection.execute("DROP DATABASE IF EXISTS making")
            connection.execute("CREATE DATABASE making")
            _fill(server.url.removesuffix("postgres") + "making", members)
            connection.execute(f'ALTER DATABASE making RENAME TO "{name}"')
    return server.url.removesuffix("postgres") + name


def _fill(url: str, members: int) -> None:
    print(f"Making {members:,} members on boards, once", flush=True)
    began = time.monotonic()
    environment = os.environ | {"DATABASE_URL": url, "CODETRACK_DATA": str(FOLDER / "data")}
    command = [sys.executable, "-m", "benchmarks.parts.boards", "fill", str(members)]
    subprocess.run(command, cwd=common.ROOT, env=environment, check=True)
    print(f"Made in {time.monotonic() - began:.0f} s", flush=True)


def start_django() -> None:
    """For the processes of benchmarks: settings from DATABASE_URL, and this week as the week."""
    os.environ |= {
        "SECRET_KEY": "only-for-benchmarks",
        "DJANGO_SETTINGS_MODULE": "codetrack.config.settings",
    }
    os.environ.setdefault("CODETRACK_DATA", str(FOLDER / "data"))
    import django

    django.setup()


def begin_this_week() -> None:
    """What was kept since some Monday is of this Monday."""
    from codetrack.standings.models import EVER, Board, Period

    old = Board.objects.filter(starts_on__gt=EVER)
    old.update(starts_on=Period.WEEK.start(datetime.now(UTC).date()))


# --- making ------------------------------------------------------------------

_SERIES = {
    "sqlite": "(WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {last}) "
    "SELECT i FROM s) AS s",
    "postgresql": "generate_series(1, CAST({last} AS bigint)) AS s(i)",
}
#: Three dice: nearly a bell, the same in every run and on both databases.
_VALUE = (
    "400 + (s.i * 7919 + {board} * 31) % 997 + (s.i * 6101 + {board} * 17) % 991"
    " + (s.i * 4447 + {board} * 11) % 983"
)
_GAINED = "s.i % 10 = 3"
_GAIN = "(s.i / 10) % 201 - 100"


def fill(members: int) -> None:
    """Members of institutes of 5,000 in twenty countries, all on the boards of three platforms,
    a tenth with gains this week; nine of ten proven, one of fifty hidden.
    """
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        _make_people(members)
    indexes = _without_indexes()
    with transaction.atomic():
        for number, platform in enumerate(PLATFORMS, 1):
            _make_boards(f"rating:{platform}", number, members)
    with connection.schema_editor(atomic=False) as editor:
        for model, index in indexes:
            editor.add_index(model, index)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM ANALYZE")


def _without_indexes() -> list[tuple[Any, Any]]:
    """The indexes of standings, taken off: an index is made faster than it is kept up."""
    from django.db import connection

    from codetrack.standings.models import Standing

    indexes = [(Standing, index) for index in Standing._meta.indexes]
    with connection.schema_editor(atomic=False) as editor:
        for model, index in indexes:
            editor.remove_index(model, index)
    return indexes


def _make_people(members: int) -> None:
    from codetrack.accounts.models import Follow, Institute, Membership, User

    institutes = max(1, members // INSTITUTE)
    for number in range(1, institutes + 1):
        Institute.objects.create(name=f"Institute {number}", slug=f"institute-{number}")
    first = User.objects.create(pk=VIEWER, username="member1", email="member1@example.org")
    belongs = Membership.objects.create(
        member=first, institute_id=1, state="current", way="link", batch="2026"
    )
    countries = (
        "substr('INUSCNBRDEFRJPKRPLRUUAVNBDEGIRIDTRGBCAMX', 1 + 2 * CAST(s.i % 20 AS integer), 2)"
    )
    _multiply(
        User,
        members,
        id="s.i",
        username="'member' || s.i",
        email="'member' || s.i || '@example.org'",
        name="'Member ' || s.i",
        country=countries,
        seen_by="'site'",
        on_boards="CASE WHEN s.i % 50 = 7 THEN 'hidden' ELSE 'named' END",
    )
    _multiply(
        Membership,
        members,
        id=f"{belongs.pk} + s.i - 1",
        member_id="s.i",
        institute_id=f"1 + (s.i - 1) % {institutes}",
        batch="CAST(2026 + (s.i / 7) % 4 AS text)",
    )
    User.objects.filter(pk=VIEWER).update(name="Member 1", seen_by="site", country="US")
    apart = max(1, members // FOLLOWED)
    followed = range(2, members + 1, apart)[:FOLLOWED]
    Follow.objects.bulk_create(Follow(follower=first, followed_id=pk) for pk in followed)
    _set_sequences(User, Membership)


def _multiply(model: Any, last: int, **columns: str) -> None:
    """Copies of the one row there is, except in these columns, for each i from 2 to `last`."""
    from django.db import connection

    table, names = model._meta.db_table, [field.column for field in model._meta.concrete_fields]
    chosen = [columns.get(name, f"t.{name}") for name in names]
    series = _SERIES[connection.vendor].format(last=last)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(chosen)} "  # noqa: S608
            f"FROM {table} AS t CROSS JOIN {series} WHERE s.i > 1"
        )


def _make_boards(kind: str, number: int, members: int) -> None:
    from codetrack.standings.models import Board, Period

    monday = Period.WEEK.start(datetime.now(UTC).date())
    board = Board.objects.create(kind=kind)
    week = Board.objects.create(kind=kind, period=Period.WEEK, starts_on=monday)
    then = Board.objects.create(kind=kind, starts_on=monday)
    value = _VALUE.format(board=number)
    _stand(board.pk, value, members)
    _stand(week.pk, _GAIN, members, _GAINED)
    _count(board.pk, board.pk, "value")
    _count(week.pk, week.pk, "value")
    gain = (
        "value - COALESCE((SELECT w.value FROM standings_standing AS w "  # noqa: S608
        f"WHERE w.board_id = {week.pk} AND w.member_id = standings_standing.member_id), 0)"
    )
    _count(then.pk, board.pk, gain)


def _stand(board: int, value: str, members: int, some: str = "TRUE") -> None:
    from django.db import connection

    read = f"{datetime.now(UTC) - timedelta(hours=2):%Y-%m-%d %H:%M:%S}"
    series = _SERIES[connection.vendor].format(last=members)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO standings_standing "  # noqa: S608
            "(board_id, member_id, lot, value, proven, shown, named, "
            "institute_id, country, as_of, since) "
            f"SELECT {board}, s.i, s.i * 7919 % 2147483647, {value}, s.i % 10 <> 0, "
            "u.on_boards <> 'hidden', u.on_boards <> 'anonymous', "
            f"m.institute_id, u.country, '{read}', '2026-01-01 00:00:00' "
            f"FROM {series} JOIN accounts_user AS u ON u.id = s.i "
            f"JOIN accounts_membership AS m ON m.member_id = s.i WHERE {some}"
        )


def _count(board: int, of: int, value: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO standings_bucket (board_id, proven, value, n) "  # noqa: S608
            f"SELECT {board}, proven, {value}, COUNT(*) FROM standings_standing "
            f"WHERE board_id = {of} AND shown GROUP BY proven, {value}"
        )


def _set_sequences(*models: Any) -> None:
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)


if __name__ == "__main__":
    start_django()
    fill(int(sys.argv[2]))
