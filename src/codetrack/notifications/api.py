"""The caller's notices and how they are told, for programs."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from codetrack.accounts.caller import caller
from codetrack.accounts.models import User
from codetrack.api.paging import Asked, Page, page
from codetrack.api.routing import mount
from codetrack.core.paging import Slice
from codetrack.notifications import queries, services
from codetrack.notifications.models import How
from codetrack.notifications.texts import Text

BIGGEST = 2**63 - 1

notices = Router(tags=["notices"])


class NoticeOut(Schema):
    """What the caller was told. All of one `thread` is about one thing, such as a handle.

    `title` is a line, `text` a paragraph or two; `url` is the page that shows more.
    """

    id: int
    kind: str
    thread: str
    title: str
    text: str
    url: str
    created_at: datetime
    read_at: datetime | None


class NoticesAsked(Schema):
    """Which notices."""

    unread: bool = Field(False, description="Only what is not read yet.")
    thread: str = Field("", max_length=80)


class UnreadOut(Schema):
    """How many are unread, counted up to 100."""

    unread: int


class ReadIn(Schema):
    """What to mark: everything, or one thread; up to the notice `up_to`, or all there is by now."""

    thread: str = Field("", max_length=80)
    up_to: int | None = Field(None, ge=1, le=BIGGEST)


class ReadOut(Schema):
    """How many were unread until now."""

    read: int


class PreferenceOut(Schema):
    """How a channel tells of a kind, and the `ways` to choose from; none where it is `fixed`."""

    kind: str
    label: str
    channel: str
    how: How
    ways: list[How]
    fixed: bool


class PreferenceIn(Schema):
    how: How


class TimetableOut(Schema):
    """When digests come and when nothing is told at once, by the clock of `time_zone`.

    Weekday 0 is Monday. Quiet hours may go over midnight; both are null where there are none.
    """

    digest_hour: int
    digest_weekday: int
    quiet_from: time | None
    quiet_to: time | None
    time_zone: str


class TimetableIn(Schema):
    digest_hour: int = Field(ge=0, le=23)
    digest_weekday: int = Field(ge=0, le=6)
    quiet_from: time | None = None
    quiet_to: time | None = None


@notices.get("/", response=Page[NoticeOut], summary="What the caller was told")
def list_notices(
    request: HttpRequest, asked: Asked, which: Annotated[NoticesAsked, Query()]
) -> Slice[NoticeOut]:
    """The newest first."""
    rows = queries.notices_of(caller(request))
    if which.unread:
        rows = rows.unread()
    if which.thread:
        rows = rows.filter(thread=which.thread)
    found = page(rows, asked, by=("-pk",))
    return Slice([_shown(text) for text in queries.shown(found.items)], found.next)


@notices.get("/unread/", response=UnreadOut, summary="How much is unread")
def count_unread(request: HttpRequest) -> dict[str, int]:
    return {"unread": queries.unread_count(caller(request))}


@notices.post("/read/", response=ReadOut, summary="Mark all of it, or a thread, read")
def read_notices(request: HttpRequest, what: ReadIn) -> dict[str, int]:
    member = caller(request)
    if not what.thread:
        return {"read": services.mark_all_read(member=member, up_to=what.up_to)}
    read = services.mark_thread_read(member=member, thread=what.thread, up_to=what.up_to)
    return {"read": read}


@notices.post("/{notice_id}/read/", response=NoticeOut, summary="Mark a notice read")
def read_notice(request: HttpRequest, notice_id: int) -> NoticeOut:
    """Twice changes nothing."""
    mine = queries.notices_of(caller(request))
    row = get_object_or_404(mine, pk=notice_id)
    services.mark_read(member=caller(request), notices=[row.pk])
    [text] = queries.shown([mine.get(pk=row.pk)])
    return _shown(text)


@notices.get("/preferences/", response=list[PreferenceOut], summary="How the caller is told")
def list_preferences(request: HttpRequest) -> list[PreferenceOut]:
    """One for each kind of notice and each channel of this site."""
    return _preferences(caller(request))


@notices.put(
    "/preferences/{kind}/{channel}/", response=PreferenceOut, summary="Choose how one is told"
)
def set_preference(
    request: HttpRequest, kind: str, channel: str, choice: PreferenceIn
) -> PreferenceOut:
    member = caller(request)
    _preference(member, kind, channel)
    services.set_preference(member=member, kind=kind, channel=channel, how=choice.how)
    return _preference(member, kind, channel)


@notices.get("/timetable/", response=TimetableOut, summary="When the caller is told")
def read_timetable(request: HttpRequest) -> dict[str, Any]:
    return _timetable(request)


@notices.put("/timetable/", response=TimetableOut, summary="Choose when to be told")
def set_timetable(request: HttpRequest, times: TimetableIn) -> dict[str, Any]:
    services.set_timetable(member=caller(request), **times.model_dump())
    return _timetable(request)


@notices.get("/muted/", response=list[str], summary="Threads that the caller muted")
def list_muted(request: HttpRequest) -> list[str]:
    return [thread.key for thread in queries.muted_threads(caller(request))]


@notices.put("/muted/{thread}/", response={204: None}, summary="Mute a thread")
def mute_thread(request: HttpRequest, thread: str) -> Status[None]:
    services.mute(member=caller(request), thread=thread)
    return Status(204, None)


@notices.delete("/muted/{thread}/", response={204: None}, summary="Be told of a thread again")
def unmute_thread(request: HttpRequest, thread: str) -> Status[None]:
    services.unmute(member=caller(request), thread=thread)
    return Status(204, None)


def _shown(text: Text) -> NoticeOut:
    row = text.notice
    return NoticeOut(
        id=row.pk,
        kind=row.kind,
        thread=row.thread,
        title=text.title,
        text=text.body,
        url=text.url,
        created_at=row.created_at,
        read_at=row.read_at,
    )


def _preferences(member: User) -> list[PreferenceOut]:
    return [
        PreferenceOut(
            kind=row.kind.key,
            label=str(row.kind.label),
            channel=cell.channel.key,
            how=How(cell.how),
            ways=[] if cell.fixed else [How(way) for way, _label in cell.ways],
            fixed=cell.fixed,
        )
        for row in queries.matrix(member)
        for cell in row.cells
    ]


def _preference(member: User, kind: str, channel: str) -> PreferenceOut:
    """Raises Http404 for what there is not, or does not concern the member."""
    for one in _preferences(member):
        if (one.kind, one.channel) == (kind, channel):
            return one
    raise Http404


def _timetable(request: HttpRequest) -> dict[str, Any]:
    member = caller(request)
    row = queries.timetable_of(member)
    return {
        "digest_hour": row.digest_hour,
        "digest_weekday": row.digest_weekday,
        "quiet_from": row.quiet_from,
        "quiet_to": row.quiet_to,
        "time_zone": member.time_zone,
    }


mount("/notices", notices)
