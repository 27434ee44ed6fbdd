"""What the rated contests of accounts say. Numbers that a platform recalculates are corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max

from codetrack.core import events, jobs
from codetrack.core.events import Payload
from codetrack.platforms.base import RatingChange as Read
from codetrack.platforms.registry import all_platforms
from codetrack.ratings.events import NumbersChanged, RatingChanged
from codetrack.ratings.models import Contest, Handle, RatingChange, Snapshot
from codetrack.ratings.services.audience import Audience
from codetrack.ratings.services.bulk import lock, save_all
from codetrack.ratings.services.schedule import next_recalculation

NUMBERS = ("rank", "old", "new", "at")


def apply_history(
    *, read: Mapping[int, Sequence[Read]], at: datetime, complete: bool = True
) -> None:
    """Write rated contests of handles (by primary key), as read at `at`.

    `complete` says that each list is the whole history: what is stored and not in it was
    withdrawn by the platform. An empty list of a rated account is not believed. A whole history
    of a handle that was read whole later than `at` is left alone.
    """
    with transaction.atomic():
        handles = {
            row.pk: row
            for row in lock(read).prefetch_related("current")
            if row.history_read_at is None or row.history_read_at <= at or not complete
        }
        if complete:
            Handle.objects.filter(pk__in=handles).update(history_read_at=at)
        lists = {pk: rows for pk, rows in read.items() if pk in handles and rows}
        if not lists:
            return
        contests = _contests(next(iter(handles.values())).platform, lists.values())
        stored = _stored(lists, None if complete else contests.values())
        newest = _newest(lists)
        changes = {
            pk: _Change(handles[pk], rows, stored[pk], contests, newest.get(pk))
            for pk, rows in lists.items()
        }
        _write(changes.values(), at, complete=complete)
        _settle(changes.values(), at, complete=complete)
        _plan_recalculation(changes.values(), at)
        audience = Audience(handles.values())
        told = (change.told(audience, complete=complete) for change in changes.values())
        events.record_all(filter(None, told))


class _Change:
    """What one account's list adds to, corrects in and withdraws from its stored history."""

    def __init__(
        self,
        handle: Handle,
        rows: Sequence[Read],
        stored: Mapping[int, RatingChange],
        contests: Mapping[str, Contest],
        newest: datetime | None,
    ) -> None:
        self.handle = handle
        self.latest = rows[-1]
        self.before = handle.history_rating
        self.newest = newest
        self.added: list[RatingChange] = []
        self.revised: list[RatingChange] = []
        told = {contests[row.contest_key]: row for row in rows}
        for contest, row in told.items():
            numbers = {name: getattr(row, name) for name in NUMBERS}
            old = stored.get(contest.pk)
            if old is None:
                self.added.append(RatingChange(handle=handle, contest=contest, **numbers))
            elif any(getattr(old, name) != value for name, value in numbers.items()):
                if old.first_new is None and old.new != row.new:
                    old.first_new = old.new
                vars(old).update(numbers)
                self.revised.append(old)
        kept = {contest.pk for contest in told}
        self.withdrawn = [row for contest, row in stored.items() if contest not in kept]

    def leads_to(self, *, complete: bool) -> int | None:
        """The rating at the end of the history: a round told alone may not be the last one."""
        is_last = complete or self.newest is None or self.latest.at >= self.newest
        return self.latest.new if is_last else self.before

    def told(
        self, audience: Audience, *, complete: bool
    ) -> tuple[Payload, Handle, list[str]] | None:
        """The one event of it, unless nothing changed. A first history is no news of contests."""
        handle = self.handle
        revised = len(self.revised) + (len(self.withdrawn) if complete else 0)
        if not (self.added or revised):
            return None
        changed: Payload = NumbersChanged(handle_id=handle.pk, platform=handle.platform)
        if self.newest is not None:
            changed = RatingChanged(
                handle_id=handle.pk,
                platform=handle.platform,
                old=self.before,
                new=handle.history_rating,
                contests=len(self.added),
                revised=revised,
            )
        return changed, handle, audience.of(handle)


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


def _stored(
    pks: Collection[int], contests: Collection[Contest] | None
) -> dict[int, dict[int, RatingChange]]:
    """What is stored of handles by contest, of these contests or of all."""
    rows = RatingChange.objects.filter(handle__in=pks)
    if contests is not None:
        rows = rows.filter(contest__in=[contest.pk for contest in contests])
    stored: dict[int, dict[int, RatingChange]] = defaultdict(dict)
    for row in rows:
        stored[row.handle_id][row.contest_id] = row
    return stored


def _newest(pks: Collection[int]) -> dict[int, datetime]:
    """The time of the newest contest stored of each handle."""
    rows = RatingChange.objects.filter(handle__in=pks).values_list("handle")
    return dict(rows.annotate(newest=Max("at")))


def _write(changes: Iterable[_Change], at: datetime, *, complete: bool) -> None:
    changes = list(changes)
    RatingChange.objects.bulk_create(
        [row for change in changes for row in change.added], ignore_conflicts=True
    )
    revised = [row for change in changes for row in change.revised]
    for row in revised:
        row.revised_at = at
    save_all(revised, [*NUMBERS, "revised_at", "first_new"])
    if complete:
        withdrawn = [row.pk for change in changes for row in change.withdrawn]
        RatingChange.objects.filter(pk__in=withdrawn).delete()


def _settle(changes: Iterable[_Change], at: datetime, *, complete: bool) -> None:
    """Note the rating that the history leads to now; taking part is a sign of life."""
    handles = []
    for change in changes:
        handle, seen = change.handle, min(change.latest.at, at)
        handle.active_at = max(handle.active_at or seen, seen)
        handle.history_rating = change.leads_to(complete=complete)
        handles.append(handle)
    save_all(handles, ["active_at", "history_rating"])
    _summarise([row.current for row in handles if row.current is not None], handles[0].platform)


def _plan_recalculation(changes: Iterable[_Change], at: datetime) -> None:
    """Where a whole round can be asked for, one request tells later what was corrected in it.

    Elsewhere histories are read again one by one: see `HandleQuerySet.lacking_history`.
    """
    added = [row for change in changes for row in change.added]
    if not added or not all_platforms()[added[0].handle.platform].gives_rounds:
        return
    for contest, ended in {row.contest: row.at for row in added}.items():
        plan_round(contest, ended, at)


def plan_round(contest: Contest, ended: datetime, at: datetime) -> None:
    """Have the ratings of a contest read again, unless they are final by now."""
    when = next_recalculation(ended, at)
    if when is not None:
        jobs.later(
            "ratings.read_round",
            contest.pk,
            key=f"ratings:round:{contest.pk}",
            run_after=when,
        )


def _summarise(snapshots: list[Snapshot], platform: str) -> None:
    """Count the contests and find the highest rating, where the platform tells neither itself."""
    adapter = all_platforms()[platform]
    rows = RatingChange.objects.filter(handle__in=[one.handle_id for one in snapshots])
    found = rows.values_list("handle").annotate(n=Count("pk"), top=Max("new"))
    totals = {handle: (count, top) for handle, count, top in found}
    for snapshot in snapshots:
        contests, highest = totals.get(snapshot.handle_id, (0, None))
        if not adapter.tells_contests:
            snapshot.contests = contests
        if not adapter.tells_max_rating:
            snapshot.max_rating = highest
    save_all(snapshots, ["contests", "max_rating"])
