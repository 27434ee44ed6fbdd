"""What pages and the API ask about handles and ratings. Reads only."""

from codetrack.ratings.queries.attempts import (
    Submission,
    Tried,
    as_submissions,
    attempts_of,
    chosen,
    levels_of,
    platform_name,
    platform_names,
    solved_at,
    solves_of,
    tried_in_vain,
)
from codetrack.ratings.queries.boards import board, busiest, with_trends
from codetrack.ratings.queries.contests import contests
from codetrack.ratings.queries.days import DayCount, Days, Streaks, days, streaks
from codetrack.ratings.queries.own import (
    every_claim,
    lost_claims,
    open_proofs,
    own_claims,
    place_of,
    proofs_of,
)
from codetrack.ratings.queries.readings import (
    Reading,
    changes_of,
    claims_of,
    histories,
    readings,
    trends,
)
from codetrack.ratings.queries.snapshots import Health, Record, health, records_of, snapshots_of
from codetrack.ratings.queries.solved import Solved, Topic, solved

__all__ = [
    "DayCount",
    "Days",
    "Health",
    "Reading",
    "Record",
    "Solved",
    "Streaks",
    "Submission",
    "Topic",
    "Tried",
    "as_submissions",
    "attempts_of",
    "board",
    "busiest",
    "changes_of",
    "chosen",
    "claims_of",
    "contests",
    "days",
    "every_claim",
    "health",
    "histories",
    "levels_of",
    "lost_claims",
    "open_proofs",
    "own_claims",
    "place_of",
    "platform_name",
    "platform_names",
    "proofs_of",
    "readings",
    "records_of",
    "snapshots_of",
    "solved",
    "solved_at",
    "solves_of",
    "streaks",
    "trends",
    "tried_in_vain",
    "with_trends",
]
