"""The nightly look at boards: what is written elsewhere, and what was erased, is followed."""

from __future__ import annotations

import structlog

from codetrack.standings import queries
from codetrack.standings.models import Board
from codetrack.standings.services.counting import recount
from codetrack.standings.services.putting import follow_members

log = structlog.get_logger(__name__)


def reconcile(*, kind: str = "") -> int:
    """Put right members whose account says otherwise, and counts; of one kind, or of all.

    Each board is held only while it is counted. Returns how many of both were wrong.
    """
    strays = queries.strays()
    if strays:
        follow_members(members=strays)
    boards = Board.objects.filter(kind=kind) if kind else Board.objects.all()
    wrong = len(strays) + sum(recount(board=board) for board in boards.order_by("pk"))
    log.info("standings.reconciled", wrong=wrong)
    return wrong
