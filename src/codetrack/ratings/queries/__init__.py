"""What pages and the API ask about handles and ratings. Reads only."""

from codetrack.ratings.queries.boards import board, with_trends
from codetrack.ratings.queries.own import every_claim, lost_claims, own_claims, proofs_of
from codetrack.ratings.queries.readings import (
    Reading,
    changes_of,
    claims_of,
    histories,
    readings,
    trends,
)

__all__ = [
    "Reading",
    "board",
    "changes_of",
    "claims_of",
    "every_claim",
    "histories",
    "lost_claims",
    "own_claims",
    "proofs_of",
    "readings",
    "trends",
    "with_trends",
]
