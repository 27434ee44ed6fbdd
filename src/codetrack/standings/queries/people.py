"""What boards keep of an account, as accounts say it now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import connection
from django.db.models import OuterRef, Subquery

from codetrack.accounts.models import Membership, OnBoards, SeenBy, User


class Facts(NamedTuple):
    """What rows of boards keep of an account, by the names of their columns."""

    shown: bool
    named: bool
    institute_id: int | None
    country: str


def has_name(on_boards: str, seen_by: str) -> bool:
    """Whether anybody but admins may read who a member is on a board."""
    return on_boards != OnBoards.ANONYMOUS and seen_by != SeenBy.NOBODY


def facts_of(members: Iterable[int]) -> dict[int, Facts]:
    """By member id; nothing of those who have no account."""
    current = Membership.objects.current().filter(member=OuterRef("pk")).values("institute")
    rows = User.objects.filter(pk__in=list(members)).annotate(now_in=Subquery(current[:1]))
    found = rows.values_list("pk", "is_active", "on_boards", "seen_by", "now_in", "country")
    return {
        pk: Facts(
            shown=active and on_boards != OnBoards.HIDDEN,
            named=has_name(on_boards, seen_by),
            institute_id=institute,
            country=country,
        )
        for pk, active, on_boards, seen_by, institute, country in found
    }


_STRAYS = """
SELECT DISTINCT standing.member_id
FROM standings_standing AS standing
LEFT JOIN accounts_user AS member ON member.id = standing.member_id
LEFT JOIN accounts_membership AS belongs
    ON belongs.member_id = standing.member_id AND belongs.state = 'current'
WHERE member.id IS NULL
    OR standing.country <> member.country
    OR standing.shown <> (member.is_active AND member.on_boards <> 'hidden')
    OR standing.named <> (member.on_boards <> 'anonymous' AND member.seen_by <> 'nobody')
    OR COALESCE(standing.institute_id, 0) <> COALESCE(belongs.institute_id, 0)
"""


def strays() -> Collection[int]:
    """Members of whom a board keeps something else than their account says, or who have none."""
    with connection.cursor() as cursor:
        cursor.execute(_STRAYS)
        return [pk for (pk,) in cursor.fetchall()]
