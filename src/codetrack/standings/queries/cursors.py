"""Sealed places in the order of a selection, for the pages before and after them.

A place names a member, who may be anonymous there: whoever is given a cursor cannot read it.
"""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext

from codetrack.core.errors import Problem
from codetrack.standings.queries.selection import Selection

_PLACE = Struct("!?qq")
_SEAL = 16  # bytes


class Place(NamedTuple):
    """Where a row stands: by value, the highest first, and among equals by member id."""

    value: int
    member: int


def write(selection: Selection, place: Place, *, up: bool) -> str:
    """The cursor of the rows before (`up`) or after this place; the same for the same place."""
    plain = _PLACE.pack(up, *place)
    seal = _seal(selection, plain)
    return urlsafe_base64_encode(seal + _masked(plain, seal))


def read(selection: Selection, cursor: str) -> tuple[Place, bool]:
    """The place, and whether it is for the rows before it; raises Problem for what is not ours."""
    try:
        raw = urlsafe_base64_decode(cursor)
    except ValueError as error:
        raise _not_ours() from error
    seal = raw[:_SEAL]
    plain = _masked(raw[_SEAL:], seal)
    if len(plain) != _PLACE.size or not constant_time_compare(seal, _seal(selection, plain)):
        raise _not_ours()
    up, value, member = _PLACE.unpack(plain)
    return Place(value, member), up


def _seal(selection: Selection, plain: bytes) -> bytes:
    """It tells ours from made-up ones, and is as good as chance for the mask (as in AES-SIV)."""
    salt = f"codetrack.standings.seal:{selection.name}"
    return salted_hmac(salt, plain, algorithm="sha256").digest()[:_SEAL]


def _masked(text: bytes, seal: bytes) -> bytes:
    """Hides a text of at most 32 bytes, or shows it again."""
    mask = salted_hmac("codetrack.standings.mask", seal, algorithm="sha256").digest()
    return bytes(one ^ other for one, other in zip(text, mask, strict=False))


def _not_ours() -> Problem:
    message = gettext("This is no place on this leaderboard. Start again from its top.")
    return Problem(message, code="bad_cursor", field="cursor")
