"""Sealed places in the order of a selection, for the pages before and after them.

A place names a member, who may be anonymous there: whoever is given a cursor cannot read it.
"""

from __future__ import annotations

from functools import cache
from struct import Struct
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.utils.crypto import salted_hmac
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext

from codetrack.core.errors import Problem
from codetrack.standings.queries.selection import Selection

_PLACE = Struct("!?qqq")


class Place(NamedTuple):
    """Where a row stands: by value, the highest first, and among equals by lot."""

    value: int
    lot: int
    member: int


def write(selection: Selection, place: Place, *, up: bool) -> str:
    """The cursor of the rows before (`up`) or after this place; the same for the same place."""
    plain = _PLACE.pack(up, *place)
    return urlsafe_base64_encode(_cipher().encrypt(plain, [selection.name.encode()]))


def read(selection: Selection, cursor: str) -> tuple[Place, bool]:
    """The place, and whether it is for the rows before it; raises Problem for what is not ours."""
    try:
        sealed = urlsafe_base64_decode(cursor)
        plain = _cipher().decrypt(sealed, [selection.name.encode()])
    except (ValueError, InvalidTag) as error:
        message = gettext("This is no place on this leaderboard. Start again from its top.")
        raise Problem(message, code="bad_cursor", field="cursor") from error
    up, *place = _PLACE.unpack(plain)
    return Place(*place), up


@cache
def _cipher() -> AESSIV:
    """Needs no random number: a cursor stays the same, and so does the address of a page."""
    return AESSIV(salted_hmac("codetrack.standings.place", b"", algorithm="sha512").digest())
