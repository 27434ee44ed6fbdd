"""What the rated contests of accounts say. Numbers that a platform recalculates are corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from codetrack.core import events, jobs
from codetrack.platforms.base import RatingChange as Read
from codetrack.ratings.events import RatingChanged
from codetrack.ratings.models import Contest, Handle, RatingChange
from codetrack.ratings.services.bulk import save_all
from codetrack.ratings.services.profiles import lock

NUMBERS = ("rank", "old", "new", "at")


def apply_history(
    *, read: Mapping[int, Sequence[Read]], at: datetime, complete: bool = True
) -> None:
    """Write rated contests of handles (by primary key), as read at `at`.

    `complete` says that each list is the whole history: what is stored and not in it was
    withdrawn by the platform. An empty list of a rated account is not believed.
    """
    with transaction.atomic():
        handles = {row.pk: row for row in lock(read).select_related("current")}
        lists = {pk: rows for pk, rows in read.items() if pk in handles and rows}
        if not lists:
            return
        contests = _contests(next(iter(handles.values())).platform, lists.values())
        stored = _stored(lists)
        changes = {
            pk: _Change(handles[pk], rows, stored[pk], contests) for pk, rows in lists.items()
        }
        _write(changes.values(), at, complete=complete)
        _settle([handles[pk] for pk in lists], lists, at if complete else None)
        for change in changes.values():
            change.tell(complete=complete)


class _Change:
    """What one account's list adds to, corrects in and withdraws from its stored history."""

    def __init__(
        self,
        handle: Handle,
        rows: Sequence[Read],
        stored: Mapping[int, RatingChange],
        contests: Mapping[str, Contest],
    ) -> None:
        self.handle = handle
        self.before = handle.history_rating
        self.known = bool(stored)
        self.added: list[RatingChange] = []
        self.revised: list[RatingChange] = []
        told = {contests[row.contest_key].pk: row for row in rows}
        for contest, row in told.items():
            numbers = {name: getattr(row, name) for name in NUMBERS}
            old = stored.get(contest)
            if old is None:
                self.added.append(RatingChange(handle=handle, contest_id=contest, **numbers))
            elif any(getattr(old, name) != value for name, value in numbers.items()):
                vars(old).update(numbers)
                self.revised.append(old)
        self.withdrawn = [row for contest, row in stored.items() if contest not in told]

    def tell(self, *, complete: bool) -> None:
        """Record one event, unless nothing changed or the account was unknown until now."""
        revised = len(self.revised) + (len(self.withdrawn) if complete else 0)
        if not self.known or not (self.added or revised):
            return
        changed = RatingChanged(
            handle_id=self.handle.pk,
            platform=self.handle.platform,
            old=self.before,
            new=self.handle.history_rating,
            contests=len(self.added),
            revised=revised,
        )
        events.record(changed, subject=self.handle)


def _contests(platform: str, lists: Iterable[Sequence[Read]]) -> dict[str, Contest]:
    """The contest of each key, made where it was unknown; what else it is comes with the list."""
    names = {row.contest_key: row.contest_name for rows in lists for row in rows}
    wanted = Contest.objects.filter(platform=platform, key__in=names)
    found = {contest.key: contest for contest in wanted}
    missing = sorted(names.keys() - found.keys())
    if not missing:
        return found
    Contest.objects.bulk_create(
        [Contest(platform=platform, key=key, name=names[key]) for key in missing],
        ignore_conflicts=True,
    )
    jobs.later("ratings.read_contests", platform, key=f"ratings:contests:{platform}")
    return {contest.key: contest for contest in wanted.all()}


def _stored(pks: Collection[int]) -> dict[int, dict[int, RatingChange]]:
    stored: dict[int, dict[int, RatingChange]] = defaultdict(dict)
    for row in RatingChange.objects.filter(handle__in=pks):
        stored[row.handle_id][row.contest_id] = row
    return stored


def _write(changes: Iterable[_Change], at: datetime, *, complete: bool) -> None:
    changes = list(changes)
    RatingChange.objects.bulk_create(
        [row for change in changes for row in change.added], ignore_conflicts=True
    )
    revised = [row for change in changes for row in change.revised]
    for row in revised:
        row.revised_at = at
    save_all(revised, [*NUMBERS, "revised_at"])
    if complete:
        withdrawn = [row.pk for change in changes for row in change.withdrawn]
        RatingChange.objects.filter(pk__in=withdrawn).delete()


def _settle(
    handles: list[Handle], lists: Mapping[int, Sequence[Read]], whole_at: datetime | None
) -> None:
    """Note the rating that the history leads to now; taking part is a sign of life."""
    rows = RatingChange.objects.filter(handle__in=handles).values_list("handle")
    counts = dict(rows.annotate(n=Count("pk")))
    for handle in handles:
        latest = lists[handle.pk][-1].at
        handle.active_at = max(handle.active_at or latest, latest)
        handle.history_rating = lists[handle.pk][-1].new
        handle.history_read_at = whole_at or handle.history_read_at
        if handle.current is not None:
            handle.current.contests = counts.get(handle.pk, 0)
    save_all(handles, ["active_at", "history_rating", "history_read_at"])
    save_all([row.current for row in handles if row.current is not None], ["contests"])
