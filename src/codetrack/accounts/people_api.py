"""The people of an institute for programs of its admins: members, lists, invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Path, Query, Router, Schema, Status

from codetrack.accounts import people, permissions, services
from codetrack.accounts.caller import caller
from codetrack.accounts.models import Institute, Invitation, Membership, Roster, RosterLine
from codetrack.api.paging import Asked, Page, page
from codetrack.core.paging import Slice

router = Router(tags=["people"])

#: What the database can count to.
type Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
type Kind = Literal["open", "failed", "expired", "accepted", "withdrawn"]

CSV = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string", "example": "email,name,batch\n"}}},
    }
}


class Found(Schema):
    """Which members are asked for."""

    q: str = Field("", max_length=100, description="Words of a name, username or address.")
    batch: str = Field("", max_length=40, description="`-` for those without.")
    role: Literal["", "admin", "member"] = ""
    state: Literal["current", "former"] = "current"


class PersonRow(Schema):
    """A member as the admins of the institute see them."""

    username: str = Field(alias="member.username")
    name: str = Field(alias="member.name")
    email: str | None
    batch: str
    is_admin: bool
    joined_at: datetime

    @staticmethod
    def resolve_email(row: Membership) -> str | None:
        """Of whom has left it is nobody's business."""
        return row.member.email if row.state == Membership.State.CURRENT else None


class InvitationOut(Schema):
    id: int
    email: str
    name: str
    batch: str
    is_admin: bool
    state: str
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    error: str


class LineOut(Schema):
    """One line of a list: `outcome` is what becomes of it, `trouble` what is wrong, if anything."""

    number: int
    email: str
    name: str
    batch: str
    is_admin: bool
    extras: dict[str, str]
    outcome: str
    trouble: str
    detail: str


class ProgressOut(Schema):
    all: int
    sent: int
    failed: int


class RosterOut(Schema):
    """A list that was handed in, with how many lines of each kind it has."""

    id: int
    title: str
    state: str
    words: list[str]
    outcomes: dict[str, int]
    troubles: dict[str, int]
    progress: ProgressOut


@router.get("/{slug}/people", response=Page[PersonRow], summary="Its people, for its admins")
def list_people(
    request: HttpRequest, slug: str, found: Annotated[Found, Query()], asked: Asked
) -> Slice[Membership]:
    row = _managed(request, slug)
    wanted = people.Wanted(text=found.q, batch=found.batch, role=found.role, state=found.state)
    return page(people.people_of(row, wanted), asked, by=people.SORTS["name"])


@router.post(
    "/{slug}/rosters", response={201: RosterOut}, summary="Hand in a list", openapi_extra=CSV
)
def read_roster(
    request: HttpRequest, slug: str, title: Annotated[str, Query(max_length=120)] = ""
) -> Status[RosterOut]:
    """Takes CSV as the page does, and says what would become of each line. Nothing is sent."""
    row = _managed(request, slug)
    roster = services.read_roster(institute=row, raw=request.body, title=title, by=caller(request))
    return Status(201, _shown(roster))


@router.get("/{slug}/rosters/{number}", response=RosterOut, summary="A list and how far it is")
def show_roster(request: HttpRequest, slug: str, number: Number) -> RosterOut:
    return _shown(_roster(request, slug, number))


@router.get("/{slug}/rosters/{number}/lines", response=Page[LineOut], summary="Its lines")
def list_lines(
    request: HttpRequest,
    slug: str,
    number: Number,
    asked: Asked,
    only: Annotated[str, Query(max_length=20)] = "",
) -> Slice[RosterLine]:
    """All, or `only=problems`, or those with this outcome or trouble."""
    lines = people.lines_of(_roster(request, slug, number), only)
    return page(lines, asked, by=("number",))


@router.post("/{slug}/rosters/{number}/invite", response={202: RosterOut}, summary="Invite them")
def invite_roster(request: HttpRequest, slug: str, number: Number) -> Status[RosterOut]:
    """Begins to send the mails; twice does nothing."""
    row = _roster(request, slug, number)
    services.invite_roster(row=row, by=caller(request))
    row.refresh_from_db(fields=["state"])
    return Status(202, _shown(row))


@router.delete("/{slug}/rosters/{number}", response={204: None}, summary="Cancel what is not sent")
def cancel_roster(request: HttpRequest, slug: str, number: Number) -> Status[None]:
    services.cancel_roster(row=_roster(request, slug, number), by=caller(request))
    return Status(204, None)


@router.get("/{slug}/invitations", response=Page[InvitationOut], summary="Its invitations")
def list_invitations(
    request: HttpRequest, slug: str, asked: Asked, state: Kind = "open"
) -> Slice[Invitation]:
    rows: QuerySet[Invitation] = people.invitations_of(_managed(request, slug), state)
    return page(rows, asked, by=("email", "pk"))


@router.delete("/{slug}/invitations/{number}", response={204: None}, summary="Withdraw one")
def withdraw_invitation(request: HttpRequest, slug: str, number: Number) -> Status[None]:
    row = get_object_or_404(Invitation, institute=_managed(request, slug), pk=number)
    services.withdraw_invitation(invitation=row, by=caller(request))
    return Status(204, None)


def _managed(request: HttpRequest, slug: str) -> Institute:
    row = get_object_or_404(Institute.objects.visible_to(caller(request)), slug=slug)
    permissions.demand(permissions.may_manage(caller(request), row))
    return row


def _roster(request: HttpRequest, slug: str, number: int) -> Roster:
    return get_object_or_404(people.rosters_of(_managed(request, slug)), pk=number)


def _shown(row: Roster) -> RosterOut:
    report, progress = people.report_of(row), people.progress_of(row)
    return RosterOut(
        id=row.pk,
        title=row.title,
        state=row.state,
        words=row.words,
        outcomes=report.outcomes,
        troubles=report.troubles,
        progress=ProgressOut(all=progress.all, sent=progress.sent, failed=progress.failed),
    )
