"""Every change to handles, claims, proofs and histories: one function each."""

from codetrack.ratings.services.activity import apply_activity
from codetrack.ratings.services.attempts import apply_attempts
from codetrack.ratings.services.catalogue import apply_problems
from codetrack.ratings.services.claims import (
    change_handle,
    link_handle,
    link_listed,
    request_refresh,
    unlink_handle,
)
from codetrack.ratings.services.contests import apply_contests
from codetrack.ratings.services.history import apply_history, plan_round
from codetrack.ratings.services.plans import continue_reading, has_work, plan_reading
from codetrack.ratings.services.profiles import apply_profiles, record_failure
from codetrack.ratings.services.proofs import (
    request_check,
    settle_proof,
    start_proof,
    token_of,
)
from codetrack.ratings.services.standings import refresh_standings

__all__ = [
    "apply_activity",
    "apply_attempts",
    "apply_contests",
    "apply_history",
    "apply_problems",
    "apply_profiles",
    "change_handle",
    "continue_reading",
    "has_work",
    "link_handle",
    "link_listed",
    "plan_reading",
    "plan_round",
    "record_failure",
    "refresh_standings",
    "request_check",
    "request_refresh",
    "settle_proof",
    "start_proof",
    "token_of",
    "unlink_handle",
]
