"""Writes what members did, so that those who follow them may see it; forgets it in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import batched

from django.db import transaction

from codetrack.accounts.models import Follow
from codetrack.core import clock, events
from codetrack.standings.events import FeedChanged
from codetrack.standings.feeds import KEPT, Item, Scope
from codetrack.standings.models import FeedItem

SHORT = timedelta(hours=1)
#: So many followers of those who did something at once hear of it on their open pages.
HEARERS, TOGETHER = 2_000, 500

type Name = tuple[int, str, str]


def note(*, items: Iterable[Item] = (), within: Iterable[Scope] = ()) -> None:
    """Write what members did. What is noted again is changed in place, and nothing comes twice.

    What is stored `within` a scope and is not among the items is taken away: it did not happen. An
    item from before `KEPT` is not written.
    """
    oldest, scopes = clock.now() - KEPT, list(within)
    new = {item.name: item for item in items if item.at > oldest}
    with transaction.atomic():
        stored = _stored(new, scopes)
        changed = [item for name, item in new.items() if _differs(item, stored.get(name))]
        gone = _within(scopes, [row for name, row in stored.items() if name not in new])
        FeedItem.objects.filter(pk__in=[row.pk for row in gone]).delete()
        _write(changed)
        _announce({item.member for item in changed} | {row.member_id for row in gone})


def prune() -> int:
    """Forget what was done before `KEPT`; return how many items."""
    return FeedItem.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


def _stored(new: Mapping[Name, Item], scopes: Sequence[Scope]) -> dict[Name, FeedItem]:
    """What may be changed or taken away; what lies before all of it is not loaded."""
    members = {item.member for item in new.values()} | {scope.member for scope in scopes}
    kinds = {item.kind for item in new.values()}.union(*(scope.kinds for scope in scopes))
    times = [item.at for item in new.values()] + [scope.since for scope in scopes]
    if not times:
        return {}
    rows = FeedItem.objects.filter(member__in=members, kind__in=kinds, at__gte=min(times))
    return {(row.member_id, row.kind, row.key): row for row in rows}


def _within(scopes: Iterable[Scope], rows: Iterable[FeedItem]) -> list[FeedItem]:
    of_member: dict[int, list[Scope]] = defaultdict(list)
    for scope in scopes:
        of_member[scope.member].append(scope)
    return [
        row
        for row in rows
        if any(one.holds(row.kind, row.key, row.at) for one in of_member[row.member_id])
    ]


def _differs(item: Item, row: FeedItem | None) -> bool:
    if row is None:
        return True
    told: tuple[datetime, str, object] = (item.at, item.url, dict(item.params))
    return told != (row.at, row.url, row.params)


def _write(items: Collection[Item]) -> None:
    """In one order, so that two who write the same rows do not wait for each other."""
    FeedItem.objects.bulk_create(
        [
            FeedItem(
                member_id=item.member,
                kind=item.kind,
                key=item.key,
                at=item.at,
                url=item.url,
                params=dict(item.params),
            )
            for item in sorted(items, key=lambda item: item.name)
        ],
        update_conflicts=True,
        unique_fields=["member", "kind", "key"],
        update_fields=["at", "url", "params"],
    )


def _announce(members: Collection[int]) -> None:
    """Let the open feeds of those who follow these members ask again."""
    follows = Follow.objects.filter(followed__in=members).order_by("follower")
    hearers = follows.values_list("follower", flat=True).distinct()[:HEARERS]
    for some in batched(hearers if members else (), TOGETHER):
        topics = [f"feed:{pk}" for pk in some]
        events.record(FeedChanged(), topics=topics, until=clock.now() + SHORT)
