"""Boards for programs: what the page of a leaderboard shows, to whom it shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from codetrack.accounts.caller import caller
from codetrack.accounts.models import Institute, OnBoards, User
from codetrack.api.paging import MOST
from codetrack.api.routing import mount
from codetrack.core.errors import Missing, Problem
from codetrack.standings import kinds, queries
from codetrack.standings.kinds import Kind
from codetrack.standings.models import Board, Period
from codetrack.standings.queries import Row
from codetrack.standings.queries.lines import Person, named_to
from codetrack.standings.queries.sheets import ME, ROWS, Tab, Wish, page_of, people_of, selection_of

leaderboards = Router(tags=["leaderboards"])


class TierOut(Schema):
    """Values from `floor` on have this name, on a platform that names its ranks."""

    floor: int
    name: str


class KindOut(Schema):
    """What members can be ordered by. Of whole numbers the last `decimals` digits are decimals;
    `gains` says whether there are boards of what was gained in a month and a week.
    """

    key: str
    label: str
    unit: str
    decimals: int
    gains: bool
    tiers: list[TierOut]


class PeriodOut(Schema):
    """A period of boards; `since` is its first day in UTC, null for all time."""

    key: Period
    label: str
    since: date | None


class OfferedOut(Schema):
    """Which leaderboards there are."""

    kinds: list[KindOut]
    periods: list[PeriodOut]


class StandingOut(Schema):
    """Where one member stands: equal values share a rank, and the next rank is left out.

    Nothing tells who an `anonymous` one is, be it that they want to be or that the caller may not
    see them: `as_of` and `moved` are null then, `is_stale` and `is_new` false. `moved` is in places
    since Monday, 00:00 UTC, upwards positive; null where nobody can say, as for one who `is_new`
    since then.
    """

    rank: int
    username: str | None
    name: str | None
    anonymous: bool
    value: int
    proven: bool
    as_of: datetime | None
    is_stale: bool
    moved: int | None
    is_new: bool


class LeaderboardOut(Schema):
    """Part of a leaderboard. `previous` and `next` are the cursors of the parts before and after.

    `size` is how many stand there, null for a part of a board with more than 10,000. `me` is the
    caller where they stand there, in `items` or not; `hidden` is what they have while they hide.
    `board` is the number of the topic `leaderboard:7`, null while nobody ever stood there.
    """

    board: int | None
    tab: Tab
    kind: str
    period: Period
    items: list[StandingOut]
    previous: str | None
    next: str | None
    size: int | None
    me: StandingOut | None
    hidden: int | None


class LeaderboardAsked(Schema):
    """Which part of which board: one of `at` and `cursor`, or its top.

    With `fresh`, `batch` or `country` members who are on boards without a name are left out, the
    caller too; not among those one follows and followers, of whom everybody has a name.
    """

    tab: Tab | None = Field(
        None, description="Among whom; the caller's institute, if none is given and they are in one"
    )
    period: Period = Period.ALL
    unproven: bool = Field(False, description="Also those without a proven account.")
    fresh: bool = Field(False, description="Without those of whom nothing was read for three days.")
    institute: str = Field("", max_length=60, description="The slug of one that the caller sees.")
    batch: str = Field("", max_length=40, description="With the tab `institute`.")
    country: str = Field(
        "", pattern="^([A-Z]{2})?$", description="ISO 3166-1; not with the tab `institute`."
    )
    at: str = Field(
        "",
        pattern=rf"^({ME}|[0-9]{{1,9}})?$",
        description="From this rank on, or `me`: around it.",
    )
    cursor: str = Field("", max_length=500, description="`next` or `previous` of another part.")
    limit: int = Field(ROWS, ge=1, le=MOST)


@leaderboards.get("/", response=OfferedOut, summary="Which leaderboards there are")
def list_leaderboards(request: HttpRequest) -> OfferedOut:
    return OfferedOut(
        kinds=[_kind(one) for one in kinds.offered()], periods=[_period(one) for one in Period]
    )


@leaderboards.get("/{kind}/", response=LeaderboardOut, summary="A leaderboard")
def read_leaderboard(
    request: HttpRequest, kind: str, asked: Annotated[LeaderboardAsked, Query()]
) -> LeaderboardOut:
    """The best first; equals in an order that was drawn by lot and stays."""
    member = caller(request)
    wish = _wish(member, kind, asked)
    board = queries.board(wish.kind.key, wish.period)
    part = _part(wish, board, member, asked.limit) if board else Part()
    rows = [*part.rows, *([part.own] if part.own else [])]
    people = named_to(member, {row.member_id for row in rows})
    return LeaderboardOut(
        board=board.pk if board else None,
        tab=wish.tab,
        kind=wish.kind.key,
        period=wish.period,
        items=[_standing(row, people) for row in part.rows],
        previous=part.before,
        next=part.after,
        size=part.size,
        me=_standing(part.own, people) if part.own else None,
        hidden=part.hidden,
    )


mount("/leaderboards", leaderboards)


@dataclass(frozen=True)
class Part:
    """What there is of a board; nothing of one on which nobody ever stood."""

    rows: Sequence[Row] = ()
    before: str | None = None
    after: str | None = None
    size: int | None = 0
    own: Row | None = None
    hidden: int | None = None


def _part(wish: Wish, board: Board, member: User, limit: int) -> Part:
    selection = selection_of(wish, board, people_of(wish, member))
    page = page_of(selection, wish, member, size=limit)
    found = page.found
    if not any(row.member_id == member.pk for row in found):
        found = [*found, *queries.page_of_members(selection, members=[member.pk]).found]
    rows = {row.member_id: row for row in queries.rows_from(selection, found)}
    return Part(
        rows=[rows[row.member_id] for row in page.found],
        before=page.before,
        after=page.after,
        size=queries.size(selection),
        own=rows.get(member.pk),
        hidden=_hidden(board, member),
    )


def _hidden(board: Board, member: User) -> int | None:
    """For their own eyes."""
    if member.on_boards != OnBoards.HIDDEN:
        return None
    own = queries.standing_of(board, member.pk)
    return own.value if own else None


def _wish(member: User, key: str, asked: LeaderboardAsked) -> Wish:
    """What is asked for; where the page would leave something out, this refuses."""
    kind = next((one for one in kinds.offered() if one.key == key), None)
    if kind is None:
        raise Missing(_("There is no such leaderboard; GET /api/leaderboards/ lists them."))
    tab, institute = _among(member, asked)
    misplaced = "country" if tab == Tab.INSTITUTE else "batch"
    if getattr(asked, misplaced):
        text = _("This cannot be asked for with this tab.")
        raise Problem(text, code="not_with_tab", field=misplaced)
    return Wish(
        tab=tab,
        kind=kind,
        period=asked.period,
        unproven=asked.unproven,
        fresh=asked.fresh,
        institute=institute,
        batch=asked.batch,
        country=asked.country,
        at=asked.at,
        cursor=asked.cursor,
    )


def _among(member: User, asked: LeaderboardAsked) -> tuple[Tab, Institute | None]:
    """Among whom to compare: by default in the caller's own institute."""
    membership = member.current_membership()
    tab = asked.tab or (Tab.INSTITUTE if membership else Tab.GLOBAL)
    visible = Institute.objects.visible_to(member)
    if asked.institute:
        return tab, get_object_or_404(visible, slug=asked.institute)
    if tab != Tab.INSTITUTE:
        return tab, None
    if membership is None:
        raise Problem(_("You are in no institute."), code="no_institute", field="institute")
    return tab, membership.institute


def _standing(row: Row, people: Mapping[int, Person]) -> StandingOut:
    person = people.get(row.member_id)
    row = row if person else row.nameless()
    return StandingOut(
        rank=row.rank,
        username=person.username if person else None,
        name=person.name if person else None,
        anonymous=person is None,
        value=row.value,
        proven=row.proven,
        as_of=row.as_of,
        is_stale=row.is_stale,
        moved=row.moved,
        is_new=row.is_new,
    )


def _kind(kind: Kind) -> KindOut:
    return KindOut(
        key=kind.key,
        label=str(kind.label),
        unit=str(kind.unit),
        decimals=kind.decimals,
        gains=kind.gains,
        tiers=[TierOut(floor=tier.floor, name=tier.name) for tier in kind.tiers],
    )


def _period(period: Period) -> PeriodOut:
    since = None if period == Period.ALL else queries.starts_on(period)
    return PeriodOut(key=period, label=str(period.label), since=since)
