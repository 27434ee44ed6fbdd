"""Every change to handles, claims, proofs and histories: one function each."""

from codetrack.ratings.services.attempts import apply_attempts
from codetrack.ratings.services.claims import (
    change_handle,
    link_handle,
    request_refresh,
    unlink_handle,
)
from codetrack.ratings.services.contests import apply_contests
from codetrack.ratings.services.history import apply_history
from codetrack.ratings.services.profiles import apply_profiles, plan_reading, record_failure
from codetrack.ratings.services.proofs import (
    request_check,
    settle_proof,
    start_proof,
    token_of,
)

__all__ = [
    "apply_attempts",
    "apply_contests",
    "apply_history",
    "apply_profiles",
    "change_handle",
    "link_handle",
    "plan_reading",
    "record_failure",
    "request_check",
    "request_refresh",
    "settle_proof",
    "start_proof",
    "token_of",
    "unlink_handle",
]
