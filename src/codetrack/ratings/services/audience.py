"""Who follows what happens to accounts: asked for at the first event of a batch, and once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from django.db.models import FilteredRelation, Q

from codetrack.accounts.models import Membership, SeenBy
from codetrack.ratings.models import Claim, ClaimQuerySet, Handle

_CURRENT = Q(member__memberships__state=Membership.State.CURRENT)


class Audience:
    """The topics of some accounts.

    What happens to an account is seen on the pages of all who name it, and in the institute of
    the one who has proven it, unless their page is for nobody there.
    """

    def __init__(self, handles: Iterable[Handle]) -> None:
        self._handles = [handle.pk for handle in handles]

    def of(self, handle: Handle) -> list[str]:
        return self._topics.get(handle.pk, [])

    @cached_property
    def _topics(self) -> dict[int, list[str]]:
        return _topics(Claim.objects.open().filter(handle__in=self._handles))


def topics_of(claim: Claim) -> list[str]:
    """The topics of what happens to the account of one claim, in the eyes of its member."""
    return _topics(Claim.objects.filter(pk=claim.pk)).get(claim.handle_id, [])


def _topics(claims: ClaimQuerySet) -> dict[int, list[str]]:
    """By handle, in one query."""
    joined = claims.annotate(there=FilteredRelation("member__memberships", condition=_CURRENT))
    found = defaultdict(list)
    rows = joined.order_by("pk").values_list(
        "handle", "member", "member__seen_by", "verified_at", "there__institute"
    )
    for handle, member, seen_by, verified_at, institute in rows:
        found[handle].append(f"member:{member}")
        if verified_at and institute and seen_by != SeenBy.NOBODY:
            found[handle].append(f"institute:{institute}")
    return found
