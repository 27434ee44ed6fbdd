"""What the pages of an institute's admins ask about people, lists and invitations.

Nothing here writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched

from django.conf import settings
from django.core import signing
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from codetrack.accounts import queries, roster
from codetrack.accounts.lines import Known
from codetrack.accounts.models import (
    Institute,
    Invitation,
    InvitationQuerySet,
    Membership,
    MembershipQuerySet,
    Outcome,
    Roster,
    RosterLine,
    RosterLineQuerySet,
    Trouble,
    User,
)
from codetrack.core import clock

SALT = "codetrack.accounts.invitation"
AT_ONCE = 1_000  # values that one query is asked about
DAY = timedelta(days=1)

State = Membership.State
STATES = {
    "current": (State.CURRENT,),
    "former": (State.ENDED, State.REMOVED),
}
SORTS = {
    "name": ("shown", "pk"),
    "batch": ("batch", "shown", "pk"),
    "joined": ("-joined_at", "-pk"),
}


# --- people --------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which members are looked for, as an address of the page says."""

    text: str = ""
    batch: str = ""
    role: str = ""
    state: str = "current"


def people_of(institute: Institute, wanted: Wanted) -> MembershipQuerySet:
    """The memberships that began; each with `shown`, the name by which they are sorted."""
    rows = Membership.objects.filter(institute=institute, joined_at__isnull=False)
    rows = rows.filter(state__in=STATES.get(wanted.state, STATES["current"]))
    if wanted.batch:
        rows = rows.filter(batch="" if wanted.batch == "-" else wanted.batch)
    if wanted.role:
        rows = rows.filter(is_admin=wanted.role == "admin")
    for word in wanted.text.split()[:5]:
        fits = Q(member__name__icontains=word) | Q(member__username__icontains=word)
        # Of whom has left it is not shown, so it cannot be guessed at either.
        fits |= Q(member__email__icontains=word, state=State.CURRENT)
        rows = rows.filter(fits)
    name = Coalesce(NullIf("member__name", Value("")), "member__username")
    return rows.select_related("member").annotate(shown=Lower(name))


def batches_of(institute: Institute) -> list[str]:
    """The batches of its members, the latest first."""
    rows = Membership.objects.current().filter(institute=institute).exclude(batch="")
    return list(rows.values_list("batch", flat=True).distinct().order_by("-batch"))


def chosen(institute: Institute, pks: Collection[int]) -> list[Membership]:
    """These memberships of the institute."""
    rows = queries.memberships_of(institute).filter(pk__in=list(pks)[:500])
    return list(rows.order_by("pk"))


def exported(institute: Institute) -> Iterator[list[object]]:
    """The table of all members, the heads first."""
    columns = list(roster.columns().values())
    yield [
        *("name", "username", "email", "batch", "role", "joined"),
        *(head for column in columns for head in column.heads),
    ]
    rows = people_of(institute, Wanted()).order_by(*SORTS["name"])
    for part in batched(rows.iterator(AT_ONCE), AT_ONCE):
        pks = [row.member_id for row in part]
        cells = [(column, column.cells(pks)) for column in columns]
        for row in part:
            own = [found.get(row.member_id, ("",) * len(c.heads)) for c, found in cells]
            yield [*_cells(row), *(cell for some in own for cell in some)]


def _cells(row: Membership) -> list[object]:
    member = row.member
    role = "admin" if row.is_admin else "member"
    joined = row.joined_at.date().isoformat() if row.joined_at else ""
    return [member.name, member.username, member.email, row.batch, role, joined]


# --- invitations -----------------------------------------------------------------


def invitations_of(institute: Institute, state: str = "open") -> InvitationQuerySet:
    """The invitations to an institute: open, failed, expired, accepted or withdrawn ones."""
    rows = Invitation.objects.filter(institute=institute)
    match state:
        case "accepted" | "withdrawn":
            return rows.filter(state=state)
        case "expired":
            return rows.waiting().filter(expires_at__lte=clock.now())
        case "failed":
            return rows.open().filter(failed=True)
    return rows.open()


def counts_of(institute: Institute) -> dict[str, int]:
    """How many requests are open, and invitations in each of their states."""
    now, row = clock.now(), Invitation.objects.filter(institute=institute)
    waiting = Q(state=Invitation.State.OPEN)
    counts = row.aggregate(
        open=Count("pk", waiting & Q(expires_at__gt=now)),
        failed=Count("pk", waiting & Q(expires_at__gt=now, failed=True)),
        expired=Count("pk", waiting & Q(expires_at__lte=now)),
        accepted=Count("pk", Q(state=Invitation.State.ACCEPTED)),
        withdrawn=Count("pk", Q(state=Invitation.State.WITHDRAWN)),
    )
    current = Membership.objects.current().filter(institute=institute)
    requests = queries.requests_to(institute).count()
    return {"requests": requests, "people": current.count(), **counts}


def token_of(invitation: Invitation) -> str:
    """What the link in the mail has. Without the time: the same mail has the same link."""
    return _signer().sign_object([invitation.pk, invitation.email])


def invitation_of(token: str) -> Invitation | None:
    """The invitation that a link belongs to, whatever became of it; None for no link of ours."""
    try:
        pk, email = _signer().unsign_object(token)
    except signing.BadSignature:
        return None
    rows = Invitation.objects.filter(pk=pk, email=email).select_related("institute", "by")
    return rows.first()


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT)


def invitations_for(member: User) -> list[Invitation]:
    """The open ones that were sent to an address of this member, or by whose link they came."""
    own = Q(email__in=queries.confirmed_addresses(member)) | Q(member=member)
    rows = Invitation.objects.open().filter(own).select_related("institute")
    return list(rows.order_by("-pk"))


def has_account(email: str) -> bool:
    """Whether somebody has confirmed this address. For who holds a link that was sent there."""
    return bool(_members([email]))


def unsent(pk: int) -> Invitation | None:
    """The invitation if its mail is still to go out."""
    rows = Invitation.objects.unsent().select_related("institute", "by")
    return rows.filter(pk=pk).first()


def allowance(institute: Institute) -> int:
    """How many more invitations may be sent within this day; what lists still wait for counts."""
    since = clock.now() - DAY
    lately = Invitation.objects.filter(institute=institute, asked_at__gt=since).count()
    waiting = RosterLine.objects.to_mail().filter(
        roster__institute=institute, roster__state=Roster.State.INVITING
    )
    return max(0, settings.INVITATIONS_PER_DAY - lately - waiting.count())


# --- rosters ---------------------------------------------------------------------


def rosters_of(institute: Institute) -> QuerySet[Roster]:
    return Roster.objects.filter(institute=institute).select_related("by").order_by("-pk")


def lines_of(row: Roster, only: str = "") -> RosterLineQuerySet:
    """Its lines; only those with a problem, or of one outcome or trouble."""
    lines = row.lines.all()
    if only == "problems":
        return lines.troubled()
    if only in Outcome:
        return lines.filter(outcome=only)
    if only in Trouble:
        return lines.filter(trouble=only)
    return lines


def report_table(row: Roster, only: str) -> Iterator[list[object]]:
    """The lines of a report, the heads first."""
    columns = list(roster.columns())
    yield ["line", "email", "name", "batch", "role", *columns, "what happens", "problem", "detail"]
    for line in lines_of(row, only).order_by("number").iterator(AT_ONCE):
        yield [
            *(line.number, line.email, line.name, line.batch),
            "admin" if line.is_admin else "member",
            *(line.extras.get(key, "") for key in columns),
            *(line.fate, line.get_trouble_display(), line.detail),
        ]


@dataclass(frozen=True)
class Report:
    """How many lines of each kind."""

    outcomes: dict[str, int]
    troubles: dict[str, int]

    @property
    def lines(self) -> int:
        return sum(self.outcomes.values())

    @property
    def problems(self) -> int:
        return sum(self.troubles.values())

    @property
    def to_mail(self) -> int:
        return self.outcomes.get(Outcome.INVITE, 0) + self.outcomes.get(Outcome.ASK, 0)

    @property
    def to_update(self) -> int:
        return self.outcomes.get(Outcome.UPDATE, 0)


def report_of(row: Roster) -> Report:
    outcomes: Counter[str] = Counter()
    troubles: Counter[str] = Counter()
    kinds = RosterLine.objects.filter(roster=row).values_list("outcome", "trouble")
    for outcome, trouble, n in kinds.annotate(n=Count("pk")).order_by():
        outcomes[outcome] += n
        if trouble:
            troubles[trouble] += n
    return Report(dict(outcomes), dict(troubles))


@dataclass(frozen=True)
class Progress:
    """How far the mails of a roster are."""

    all: int
    sent: int
    failed: int

    @property
    def left(self) -> int:
        return max(0, self.all - self.sent - self.failed)


def progress_of(row: Roster) -> Progress:
    """In one question: between two, lines that wait could become invitations and be missed."""
    lines = RosterLine.objects.to_mail().filter(roster=OuterRef("pk")).order_by()
    waiting = Subquery(lines.values("roster").annotate(n=Count("pk")).values("n"))
    found = (
        Roster.objects.filter(pk=row.pk)
        .values("pk")
        .annotate(
            made=Count("invitations"),
            sent=Count(
                "invitations",
                Q(invitations__sent_at__isnull=False, invitations__failed=False),
            ),
            failed=Count("invitations", Q(invitations__failed=True)),
            waiting=Coalesce(waiting, 0),
        )
        .get()
    )
    return Progress(found["made"] + found["waiting"], found["sent"], found["failed"])


def known(institute: Institute, lines: Sequence[RosterLine]) -> Known:
    """What this site knows of the people in these lines: a few queries a thousand lines."""
    emails = sorted({line.email for line in lines if line.email})
    members = _members(emails)
    return Known(
        institute=institute.pk,
        members=members,
        institutes=_institutes(list(members.values())),
        invitations=_invitations(institute, emails),
        refused={
            k: v for part in batched(emails, AT_ONCE) for k, v in roster.refused(part).items()
        },
        owners=_owners(lines),
    )


def _members(emails: Sequence[str]) -> dict[str, int]:
    from allauth.account.models import EmailAddress

    found: dict[str, int] = {}
    for part in batched(emails, AT_ONCE):
        rows = EmailAddress.objects.filter(email__in=part, verified=True, user__is_active=True)
        found |= dict(rows.values_list("email", "user"))
    return found


def _institutes(members: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in batched(members, AT_ONCE):
        rows = Membership.objects.current().filter(member__in=part)
        found |= dict(rows.values_list("member", "institute"))
    return found


def _invitations(institute: Institute, emails: Sequence[str]) -> dict[str, Invitation]:
    found: dict[str, Invitation] = {}
    for part in batched(emails, AT_ONCE):
        rows = Invitation.objects.waiting().filter(institute=institute, email__in=part)
        found |= {row.email: row for row in rows}
    return found


def _owners(lines: Sequence[RosterLine]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for key, column in roster.columns().items():
        values = sorted({line.extras[key] for line in lines if key in line.extras})
        for part in batched(values, AT_ONCE):
            found |= {(key, value): owner for value, owner in column.owners(part).items()}
    return found
