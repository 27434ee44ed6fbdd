"""Signed places in the order of a selection, for the pages before and after them."""

from __future__ import annotations

from typing import NamedTuple

from django.core import signing
from django.utils.translation import gettext

from codetrack.core.errors import Problem
from codetrack.standings.queries.selection import Selection


class Place(NamedTuple):
    """Where a row stands: by value, the highest first, and among equals by member id."""

    value: int
    member: int


def write(selection: Selection, place: Place, *, up: bool) -> str:
    """The cursor of the rows before (`up`) or after this place."""
    return _signer(selection).sign(f"{'u' if up else 'd'}{place.value}.{place.member}")


def read(selection: Selection, cursor: str) -> tuple[Place, bool]:
    """The place, and whether it is for the rows before it; raises Problem for what is not ours."""
    try:
        text = _signer(selection).unsign(cursor)
    except (signing.BadSignature, UnicodeEncodeError) as error:
        message = gettext("This is no place on this leaderboard. Start again from its top.")
        raise Problem(message, code="bad_cursor", field="cursor") from error
    value, _, member = text[1:].partition(".")
    return Place(int(value), int(member)), text[0] == "u"


def _signer(selection: Selection) -> signing.Signer:
    return signing.Signer(salt=f"codetrack.standings:{selection.name}")
