"""What pages and the API ask about boards and the feed; nothing here writes."""

from codetrack.standings.queries.pages import (
    Page,
    around,
    page,
    page_from,
    page_of_members,
    size,
)
from codetrack.standings.queries.people import Facts, facts_of, has_name, strays
from codetrack.standings.queries.rows import Found, Row, rows_from
from codetrack.standings.queries.selection import Selection, board, is_board, standing_of, starts_on

__all__ = [
    "Facts",
    "Found",
    "Page",
    "Row",
    "Selection",
    "around",
    "board",
    "facts_of",
    "has_name",
    "is_board",
    "page",
    "page_from",
    "page_of_members",
    "rows_from",
    "size",
    "standing_of",
    "starts_on",
    "strays",
]
