"""The only places where accounts change: each checks, writes and records one event."""

from codetrack.accounts.services.account import (
    confirm_address,
    end_sessions,
    register,
    set_time_zone,
    update_profile,
)
from codetrack.accounts.services.institute import (
    add_domain,
    check_domain,
    found_institute,
    make_institute_admin,
    remove_domain,
    rotate_invitation,
    withdraw_institute_admin,
)
from codetrack.accounts.services.membership import (
    approve,
    decline,
    join_by_link,
    leave,
    remove,
    request_membership,
)
from codetrack.accounts.services.setup import found_club, setup_token
from codetrack.accounts.services.tokens import create_token, revoke_token

__all__ = [
    "add_domain",
    "approve",
    "check_domain",
    "confirm_address",
    "create_token",
    "decline",
    "end_sessions",
    "found_club",
    "found_institute",
    "join_by_link",
    "leave",
    "make_institute_admin",
    "register",
    "remove",
    "remove_domain",
    "request_membership",
    "revoke_token",
    "rotate_invitation",
    "set_time_zone",
    "setup_token",
    "update_profile",
    "withdraw_institute_admin",
]
