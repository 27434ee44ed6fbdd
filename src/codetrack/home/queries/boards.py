"""The boards of an institute."""

from __future__ import annotations

from django.core.paginator import Page, Paginator

from codetrack.accounts.models import Institute, Membership
from codetrack.ratings import adapters
from codetrack.ratings import queries as ratings
from codetrack.ratings.models import Claim, ClaimQuerySet
from codetrack.ratings.queries import Reading

ROWS = 25  # of a board on a page
BEST = 8  # on the landing page


def board(institute: Institute) -> ClaimQuerySet:
    """The proven ratings of an institute's members, the best first, on the platform that most of
    them are rated on.
    """
    current = Membership.objects.current().filter(institute=institute, member__is_active=True)
    members = current.values("member")
    return ratings.board(members, ratings.busiest(members, adapters.enabled()))


def board_page(institute: Institute, number: str) -> tuple[Page[Claim], list[Reading]]:
    page = Paginator(board(institute), ROWS).get_page(number)
    return page, ratings.with_trends(list(page.object_list))
