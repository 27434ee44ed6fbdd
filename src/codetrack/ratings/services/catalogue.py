"""The problems of a platform: what is told of each, and which of them are one problem twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from codetrack.platforms.base import Problem as Read
from codetrack.platforms.registry import all_platforms
from codetrack.platforms.twins import twins
from codetrack.ratings.models import Contest, Handle, Problem, Solve
from codetrack.ratings.score import EASY
from codetrack.ratings.services.bulk import lock, save_all
from codetrack.ratings.services.telling import tell_numbers

FIELDS = ["title", "url", "difficulty", "level", "tags", "contest_key"]
TOGETHER = 2_000  # problems written in one transaction


def apply_problems(*, platform: str, read: Sequence[Read]) -> None:
    """Write the catalogue of a platform, and which of all its problems are there twice.

    Solved counts in which such a pair stood for two are corrected. A problem that is not in the
    catalogue is kept: it has been tried.
    """
    for some in batched(read, TOGETHER):
        with transaction.atomic():
            store_problems(platform, some)
    with transaction.atomic():
        _mark_twins(platform, read)


def store_problems(platform: str, told: Iterable[Read]) -> dict[str, int]:
    """The row of each problem by key, written where it is new or something else is told of it.

    What is not told of a problem is not forgotten: a list of attempts says less than a catalogue.
    """
    wanted = {problem.key: problem for problem in told}
    stored = {row.key: row for row in _stored(platform, wanted)}
    changed, moved = [], []
    for key in sorted(wanted):
        row = stored.get(key) or Problem(platform=platform, key=key)
        before = _level(row)
        if _take_over(row, wanted[key]) or row.pk is None:
            changed.append(row)
        if key in stored and _level(row) != before:
            moved.append(row.pk)
    Problem.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["platform", "key"],
        update_fields=FIELDS,
    )
    _tell_solvers(moved)
    return {key: row.pk for key, row in stored.items()} | {row.key: row.pk for row in changed}


def solved_counts(handles: Collection[Handle]) -> dict[int, int]:
    """How many problems each handle has solved here, by primary key; twins are one problem."""
    rows = Solve.objects.filter(handle__in=handles).values_list("handle")
    problem = Coalesce("problem__twin", "problem")
    return dict(rows.annotate(n=Count(problem, distinct=True)))


def counts_solved(platform: str) -> bool:
    """The platform tells the number of solved problems, and we do not count them."""
    adapter = all_platforms().get(platform)
    return adapter is not None and adapter.counts_solved


def _stored(platform: str, keys: Collection[str]) -> Iterator[Problem]:
    for some in batched(keys, TOGETHER):
        yield from Problem.objects.filter(platform=platform, key__in=some)


def _take_over(row: Problem, told: Read) -> bool:
    """Write into the row what is told and differs; says whether anything did."""
    # Who knows nothing but the key gives it for the title too.
    title = told.title if told.title != told.key else row.title or told.key
    values = {
        "title": title,
        "url": told.url,
        "difficulty": told.difficulty,
        "level": told.level,
        "tags": list(told.tags),
        "contest_key": told.contest_key or "",
    }
    new = {
        name: value
        for name, value in values.items()
        if value not in (None, "", []) and getattr(row, name) != value
    }
    vars(row).update(new)
    return bool(new)


def _level(row: Problem) -> str:
    """What it counts as in the score."""
    adapter = all_platforms().get(row.platform)
    return row.level or (adapter.level(row.difficulty) if adapter else "") or EASY.name


def _tell_solvers(problems: Collection[int]) -> None:
    """A difficulty that became known moves the score of whoever solved the problem."""
    if not problems:
        return
    solved = Solve.objects.filter(Q(problem__in=problems) | Q(problem__twin__in=problems))
    tell_numbers(Handle.objects.claimed().filter(pk__in=solved.values("handle")))


# --- twins


def _mark_twins(platform: str, catalogue: Sequence[Read]) -> None:
    rows = {row.key: row for row in Problem.objects.filter(platform=platform).defer("tags", "url")}
    listed = [problem.key for problem in catalogue]
    tried = sorted(rows.keys() - set(listed))
    ordered = [_value(rows[key]) for key in [*listed, *tried] if key in rows]
    doubles = twins(ordered, _starts(platform))
    changed = []
    for key, row in rows.items():
        twin = rows[doubles[key]].pk if key in doubles else None
        if row.twin_id != twin:
            row.twin_id = twin
            changed.append(row)
    if not changed:
        return
    # The handles first, as in `apply_attempts`, which writes problems while it holds them.
    handles = [] if counts_solved(platform) else _lock_solvers(changed)
    _save_twins(changed)
    _count_again(handles)


def _save_twins(changed: Iterable[Problem]) -> None:
    """A few rows a day, and hundreds once."""
    by_twin: dict[int | None, list[int]] = {}
    for row in changed:
        by_twin.setdefault(row.twin_id, []).append(row.pk)
    for twin, pks in by_twin.items():
        Problem.objects.filter(pk__in=pks).update(twin=twin)


def _lock_solvers(problems: Collection[Problem]) -> list[Handle]:
    solved = Solve.objects.filter(problem__in=[row.pk for row in problems])
    return list(lock(set(solved.values_list("handle", flat=True))).prefetch_related("current"))


def _count_again(handles: Collection[Handle]) -> None:
    """Correct the solved count of those who have solved a twin; that is no news of theirs."""
    counts = solved_counts(handles)
    snapshots = [row.current for row in handles if row.current is not None]
    for snapshot in snapshots:
        snapshot.solved = counts.get(snapshot.handle_id, 0)
    save_all(snapshots, ["solved"])
    tell_numbers(handles)


def _value(row: Problem) -> Read:
    return Read(
        key=row.key,
        title=row.title,
        url="",
        difficulty=row.difficulty,
        contest_key=row.contest_key or None,
        index="",
    )


def _starts(platform: str) -> dict[str, datetime]:
    held = Contest.objects.filter(platform=platform, starts_at__isnull=False)
    return {contest.key: contest.starts_at for contest in held if contest.starts_at}
