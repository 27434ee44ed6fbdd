"""Every change to boards and to the feed."""

from codetrack.standings.services.announcing import announce
from codetrack.standings.services.counting import recount
from codetrack.standings.services.opening import board_for, open_periods, prune
from codetrack.standings.services.putting import Change, Entry, follow_members, put, put_all
from codetrack.standings.services.reconciling import reconcile

__all__ = [
    "Change",
    "Entry",
    "announce",
    "board_for",
    "follow_members",
    "open_periods",
    "prune",
    "put",
    "put_all",
    "reconcile",
    "recount",
]
