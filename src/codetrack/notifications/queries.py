"""What pages and the API ask about notices and how a member is told; nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.utils.text import slugify

from codetrack.accounts import queries as accounts
from codetrack.accounts import zones
from codetrack.accounts.models import User
from codetrack.core import clock, notices, paging
from codetrack.notifications import channels, timing
from codetrack.notifications.channels import Channel
from codetrack.notifications.models import (
    Blocked,
    How,
    Mute,
    Notice,
    NoticeQuerySet,
    Preference,
    Timetable,
)
from codetrack.notifications.texts import Text, text_of

MOST = 100  # the bell says "99+" beyond
SHOWN = 5  # of one thread in the inbox, the newest


@dataclass(frozen=True)
class Thread:
    """What was told of one thing, the newest first; `total` may be more than is shown here."""

    key: str
    texts: list[Text]
    total: int
    unread: int
    muted: bool

    @property
    def anchor(self) -> str:
        """Its name as an id on a page."""
        return slugify(self.key.replace(":", "-"))

    @property
    def is_unread(self) -> bool:
        return self.unread > 0

    @property
    def newest(self) -> Text:
        return self.texts[0]

    @property
    def earlier(self) -> list[Text]:
        return self.texts[1:]

    @property
    def more(self) -> int:
        """How many are not shown here."""
        return self.total - len(self.texts)


@dataclass(frozen=True)
class Cell:
    """How one channel tells of one kind."""

    channel: Channel
    how: str
    ways: list[tuple[str, str]]
    fixed: bool

    @property
    def is_switch(self) -> bool:
        """Whether there is nothing to choose but on and off."""
        return {way for way, _ in self.ways} == {notices.NOW, notices.OFF}


@dataclass(frozen=True)
class Row:
    """One kind of notice with a cell for each channel."""

    kind: notices.Kind
    cells: list[Cell]


@dataclass(frozen=True)
class MutedThread:
    """A thread that a member muted, with the last that was told of it, while that is kept."""

    key: str
    last: Text | None


def unread_count(member: User) -> int:
    """How many unread notices stand in the inbox, counted up to `MOST`; one query."""
    return notices_of(member).unread()[:MOST].count()


def notices_of(member: User) -> NoticeQuerySet:
    """All that stands in the inbox, unordered: for lists by key and for the API."""
    return Notice.objects.inbox_of(member.pk).filter(kind__in=notices.kinds)


def inbox(member: User, *, cursor: str = "", size: int = 20) -> paging.Slice[Thread]:
    """Threads with something unread first, then the others, each by its newest notice."""
    mine = notices_of(member)
    newest = mine.values("thread").annotate(newest=Max("pk")).values("newest")
    of_thread = mine.filter(thread=OuterRef("thread"))
    heads = mine.filter(pk__in=newest).annotate(
        fresh=Case(
            When(Exists(of_thread.unread()), then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        ),
        total=_count(of_thread),
        unread=Coalesce(_count(of_thread.unread()), 0),
        muted=Exists(
            Mute.objects.filter(member=member, thread=OuterRef("thread")),
            output_field=BooleanField(),
        ),
    )
    page = paging.cut(heads, by=("-fresh", "-pk"), cursor=cursor, size=size)
    texts = _texts(mine, [head.thread for head in page.items])
    return paging.Slice([_thread(head, texts[head.thread]) for head in page.items], page.next)


def thread(
    member: User, key: str, *, cursor: str = "", size: int = paging.SIZE
) -> paging.Slice[Text]:
    """What stands in the inbox of one thread, the newest first."""
    page = paging.cut(notices_of(member).filter(thread=key), by=("-pk",), cursor=cursor, size=size)
    return paging.Slice(shown(page.items), page.next)


def head(member: User, key: str) -> Thread | None:
    """One thread as `inbox` gives it; None when nothing of it stands in the inbox."""
    mine = notices_of(member).filter(thread=key)
    texts = shown(mine.order_by("-pk")[:SHOWN])
    counts = mine.aggregate(total=Count("pk"), unread=Count("pk", filter=Q(read_at=None)))
    return Thread(key, texts, muted=is_muted(member, key), **counts) if texts else None


def newest(member: User) -> int:
    """The newest notice in the inbox; 0 while there is none."""
    return notices_of(member).aggregate(newest=Max("pk"))["newest"] or 0


def count_after(member: User, notice: int) -> int:
    """How many came after this one."""
    return notices_of(member).filter(pk__gt=notice).count()


def count_read_in_one(member: User, at: datetime, thread: str = "") -> int:
    """How many were marked read in one go, at that very moment, and are read still."""
    return notices_of(member).read_in_one(at, thread).count()


def matrix(member: User) -> list[Row]:
    """The kinds as rows, the channels of this site as columns, with what the member chose."""
    chosen = choices_of([member.pk])
    every = channels.every().values()
    return [
        Row(kind, [_cell(kind, channel, chosen, member.pk) for channel in every])
        for kind in sorted(notices.kinds.values(), key=lambda kind: (kind.app, str(kind.label)))
        if kind.concerns(member)
    ]


def choices_of(members: Iterable[int]) -> dict[tuple[int, str, str], str]:
    """What these members chose, by member, kind and channel."""
    rows = Preference.objects.filter(member__in=members)
    found = rows.values_list("member", "kind", "channel", "how")
    return {(member, kind, channel): how for member, kind, channel, how in found}


def how(
    kind: notices.Kind, channel: Channel, chosen: dict[tuple[int, str, str], str], member: int
) -> str:
    """How a channel tells a member of a kind, given `choices_of` them."""
    if channel.key in kind.always:
        return notices.NOW
    return chosen.get((member, kind.key, channel.key)) or channels.default(kind, channel)


def timetable_of(member: User) -> Timetable:
    """When a member is told: their row, or an unsaved one with the defaults."""
    return Timetable.objects.filter(member=member).first() or Timetable(member=member)


def next_digests(member: User, timetable: Timetable) -> dict[str, datetime]:
    """When the next daily and the next weekly digest would come."""
    zone, now = zones.zone(member.time_zone), clock.now()
    days = {How.DAILY.value: None, How.WEEKLY.value: timetable.digest_weekday}
    return {
        how: timing.next_digest(now, zone, hour=timetable.digest_hour, weekday=weekday)
        for how, weekday in days.items()
    }


def muted_threads(member: User) -> list[MutedThread]:
    """What a member muted, the latest first."""
    keys = list(Mute.objects.filter(member=member).order_by("-pk").values_list("thread", flat=True))
    mine = Notice.objects.filter(member=member, thread__in=keys)
    last = mine.values("thread").annotate(newest=Max("pk")).values("newest")
    texts = {text.notice.thread: text for text in shown(mine.filter(pk__in=last))}
    return [MutedThread(key, texts.get(key)) for key in keys]


def is_muted(member: User, key: str) -> bool:
    return Mute.objects.filter(member=member, thread=key).exists()


def blocked_address(member: User) -> Blocked | None:
    """Why no mail is sent to a member's address; None when it is."""
    return Blocked.objects.filter(address=member.email).first()


def mail_is_possible(member: User) -> bool:
    """Whether the address is shown to be theirs: to another nothing is sent."""
    return member.email in accounts.confirmed_addresses(member)


def _cell(
    kind: notices.Kind,
    channel: Channel,
    chosen: dict[tuple[int, str, str], str],
    member: int,
) -> Cell:
    ways = [(way, str(How(way).label)) for way in channel.ways]
    return Cell(channel, how(kind, channel, chosen, member), ways, channel.key in kind.always)


def _thread(head: Any, texts: list[Text]) -> Thread:
    """Of the newest notice of a thread, with what `inbox` asked of the others."""
    return Thread(head.thread, texts, head.total, head.unread, head.muted)


def _count(rows: NoticeQuerySet) -> Subquery:
    counted = rows.order_by().values("thread").annotate(n=Count("pk")).values("n")
    return Subquery(counted, output_field=IntegerField())


def _texts(mine: NoticeQuerySet, threads: Sequence[str]) -> dict[str, list[Text]]:
    """The newest notices of each of these threads, in one query."""
    place = Window(RowNumber(), partition_by=F("thread"), order_by=F("pk").desc())
    rows = mine.filter(thread__in=threads).annotate(place=place).filter(place__lte=SHOWN)
    found: dict[str, list[Text]] = defaultdict(list)
    for text in shown(rows.order_by("-pk")):
        found[text.notice.thread].append(text)
    return found


def shown(rows: Iterable[Notice]) -> list[Text]:
    """These notices in words, but for those of a kind that is not there any more."""
    return [text for text in map(text_of, rows) if text]
