"""What a list of people says, line by line, and what becomes of each. Asks and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from codetrack.accounts import addresses
from codetrack.accounts.models import Invitation, Outcome, RosterLine, Trouble
from codetrack.accounts.roster import Column
from codetrack.accounts.sheets import Sheet
from codetrack.core.errors import Problem

#: What the columns are called, in small letters with single blanks.
HEADS = {
    "email": {"email", "e mail", "mail", "email address", "e mail address", "mail address"},
    "name": {"name", "full name", "student", "student name", "display name"},
    "first": {"first name", "given name", "forename"},
    "last": {"last name", "surname", "family name"},
    "batch": {"batch", "year", "class", "group", "cohort", "section", "batch/year"},
    "role": {"role"},
}
ROLES = {"": False, "member": False, "student": False, "admin": True, "administrator": True}
LENGTHS = {"name": 80, "batch": 40}


@dataclass(frozen=True)
class Known:
    """What this site knows of the people in a list, by address."""

    institute: int
    #: Whose address it is, by confirmation.
    members: Mapping[str, int] = field(default_factory=dict)
    #: The current institute of a member.
    institutes: Mapping[int, int] = field(default_factory=dict)
    #: The invitation to this institute that is open.
    invitations: Mapping[str, Invitation] = field(default_factory=dict)
    #: Why an address gets no mail.
    refused: Mapping[str, str] = field(default_factory=dict)
    #: Who has shown that the value of a column is theirs.
    owners: Mapping[tuple[str, str], int] = field(default_factory=dict)


def understood(sheet: Sheet, columns: Mapping[str, Column]) -> tuple[list[RosterLine], list[str]]:
    """The lines without anything that this site knows, and words about the head.

    Raises Problem when no column holds addresses, and when there is nobody in it.
    """
    (_number, head), *rows = sheet.lines
    places, words = _places(head, columns)
    if "email" not in places:
        alone = next((n for n, cell in enumerate(head) if _address(cell)[0]), None)
        if alone is None:
            raise Problem(
                _("No column is called “email”. The first line has to name the columns."),
                code="roster_head",
                field="file",
            )
        places, rows = {"email": alone}, sheet.lines
        words = [_("The first line names no columns, so only the addresses were read.")]
    if not rows:
        text = _("Its first line names the columns, and nobody stands below.")
        raise Problem(text, code="roster_empty", field="file")
    return list(_read(rows, places, columns)), [*sheet.words, *words]


def decide(
    line: RosterLine,
    known: Known,
    columns: Mapping[str, Column],
    taken: dict[tuple[str, str], int] | None = None,
) -> None:
    """Set what becomes of a line that can be used, by what is known now.

    `taken` keeps in which line each handle came first, for a list that is seen from its first line.
    """
    if line.outcome == Outcome.SKIP:
        return
    member = known.members.get(line.email)
    at = known.institutes.get(member) if member else None
    if at == known.institute:
        line.outcome = Outcome.MEMBER
    elif at is not None:
        leave_out(line, Trouble.ELSEWHERE, _("They leave the other institute first."))
    elif line.email in known.refused:
        leave_out(line, Trouble.REFUSED, known.refused[line.email])
    else:
        _without_foreign(line, known, columns, member)
        if taken is not None:
            _without_taken(line, taken, columns)
        invited = known.invitations.get(line.email)
        new = Outcome.ASK if member else Outcome.INVITE
        line.outcome = _against(line, invited) if invited and invited.is_open else new


def leave_out(line: RosterLine, trouble: Trouble, detail: str) -> None:
    line.outcome, line.trouble, line.detail = Outcome.SKIP, trouble, detail[:300]


def _against(line: RosterLine, invited: Invitation) -> Outcome:
    """Whether the list says something else than the invitation that is open."""
    same = all(getattr(line, f) == getattr(invited, f) for f in ("name", "batch", "is_admin"))
    return Outcome.WAITING if same and line.extras == invited.extras else Outcome.UPDATE


def _without_foreign(
    line: RosterLine, known: Known, columns: Mapping[str, Column], member: int | None
) -> None:
    """Leave out what somebody else has shown to be theirs."""
    for key, value in list(line.extras.items()):
        owner = known.owners.get((key, value))
        if owner is not None and owner != member:
            del line.extras[key]
            label = columns[key].label if key in columns else key
            text = _("%(label)s: “%(value)s” is proven by another member, and left out.")
            _note(line, Trouble.FOREIGN_HANDLE, text % {"label": label, "value": value})


def _without_taken(
    line: RosterLine, taken: dict[tuple[str, str], int], columns: Mapping[str, Column]
) -> None:
    """Leave out what an earlier line says to be somebody else's; an account has one owner."""
    for key, value in list(line.extras.items()):
        first = taken.setdefault((key, value.lower()), line.number)
        if first != line.number:
            del line.extras[key]
            text = _("%(label)s: “%(value)s” stands in line %(first)d, and is left out here.")
            said = {"label": columns[key].label, "value": value, "first": first}
            _note(line, Trouble.DUPLICATE, text % said)


def _places(head: Sequence[str], columns: Mapping[str, Column]) -> tuple[dict[str, int], list[str]]:
    """Which column is where; the first of two of one name counts."""
    names = {name: key for key, synonyms in HEADS.items() for name in synonyms}
    names |= {_plain(name): key for key, col in columns.items() for name in (key, *col.synonyms)}
    places: dict[str, int] = {}
    unknown = []
    for place, cell in enumerate(head):
        key = names.get(_plain(cell))
        if key is None and cell:
            unknown.append(cell[:40])
        elif key is not None:
            places.setdefault(key, place)
    if not unknown:
        return places, []
    listed = ", ".join(unknown[:10])
    return places, [_("Not used, because nobody here knows these columns: %s") % listed]


def _plain(head: str) -> str:
    return " ".join(head.lower().replace("_", " ").replace("-", " ").split())


def _read(
    rows: Sequence[tuple[int, list[str]]], places: Mapping[str, int], columns: Mapping[str, Column]
) -> Iterator[RosterLine]:
    seen: dict[str, int] = {}
    for number, cells in rows:
        said = {key: cells[place] for key, place in places.items() if place < len(cells)}
        line = _line(number, said)
        for key, column in columns.items():
            if said.get(key):
                _read_extra(line, column, said[key])
        if line.outcome != Outcome.SKIP:  # one that is left out takes nobody's place
            first = seen.setdefault(line.email, number)
            if first != number:
                leave_out(line, Trouble.DUPLICATE, _("The same address as in line %d.") % first)
        yield line


def _line(number: int, said: Mapping[str, str]) -> RosterLine:
    email, name = _address(said.get("email", ""))
    parts = (said.get("first", ""), said.get("last", ""))
    name = said.get("name", "") or " ".join(part for part in parts if part) or name
    line = RosterLine(number=number, email=email, outcome=Outcome.INVITE)
    for key, value in (("name", name), ("batch", said.get("batch", ""))):
        setattr(line, key, value[: LENGTHS[key]].strip())
        if len(value) > LENGTHS[key]:
            _note(line, Trouble.SHORTENED, _("Shortened: “%s…”") % value[:40])
    role = said.get("role", "").lower()
    line.is_admin = ROLES.get(role, False)
    if not email:
        shown = said.get("email", "")[:100]
        text = _("“%s” is no e-mail address.") % shown if shown else _("There is no address.")
        line.email = ""
        leave_out(line, Trouble.BAD_ADDRESS, text)
    elif role not in ROLES:
        text = _("“%s” is no role: write member or admin.")
        leave_out(line, Trouble.UNKNOWN_ROLE, text % role[:40])
    return line


def _read_extra(line: RosterLine, column: Column, text: str) -> None:
    try:
        line.extras[column.key] = column.read(text)
    except Problem as problem:
        if line.outcome != Outcome.SKIP:
            _note(line, Trouble.BAD_HANDLE, f"{column.label}: {problem.message}")


def _note(line: RosterLine, trouble: Trouble, detail: str) -> None:
    line.trouble = line.trouble or trouble
    line.detail = f"{line.detail} {detail}".strip()[:300]


def _address(cell: str) -> tuple[str, str]:
    """The address in a cell such as “Ada <ada@hill.edu>”, and the name there; "" for none."""
    name, email = parseaddr(cell) if "<" in cell else ("", cell.removeprefix("mailto:"))
    email = addresses.normal(email)
    try:
        validate_email(email)
    except ValidationError:
        return "", ""
    return (email, name) if len(email) <= 254 else ("", "")
