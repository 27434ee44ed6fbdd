"""The only places where accounts change: each checks, writes and records one event."""

from codetrack.accounts.services.account import (
    confirm_address,
    end_sessions,
    register,
    set_time_zone,
    update_profile,
)
from codetrack.accounts.services.follows import (
    block,
    follow,
    remove_follower,
    remove_unseen_followers,
    unblock,
    unfollow,
    unfollow_unseen,
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
from codetrack.accounts.services.invitations import (
    accept_invitation,
    come_by_mail,
    note_error,
    note_sent,
    send_again,
    withdraw_invitation,
)
from codetrack.accounts.services.membership import (
    approve,
    decline,
    join_by_link,
    leave,
    remove,
    request_membership,
)
from codetrack.accounts.services.people import remove_other, set_batch
from codetrack.accounts.services.privacy import change_privacy
from codetrack.accounts.services.rosters import (
    cancel_roster,
    forget_rosters,
    invite_next,
    invite_roster,
    read_roster,
)
from codetrack.accounts.services.setup import found_club, setup_token
from codetrack.accounts.services.tokens import create_token, revoke_token

__all__ = [
    "accept_invitation",
    "add_domain",
    "approve",
    "block",
    "cancel_roster",
    "change_privacy",
    "check_domain",
    "come_by_mail",
    "confirm_address",
    "create_token",
    "decline",
    "end_sessions",
    "follow",
    "forget_rosters",
    "found_club",
    "found_institute",
    "invite_next",
    "invite_roster",
    "join_by_link",
    "leave",
    "make_institute_admin",
    "note_error",
    "note_sent",
    "read_roster",
    "register",
    "remove",
    "remove_domain",
    "remove_follower",
    "remove_other",
    "remove_unseen_followers",
    "request_membership",
    "revoke_token",
    "rotate_invitation",
    "send_again",
    "set_batch",
    "set_time_zone",
    "setup_token",
    "unblock",
    "unfollow",
    "unfollow_unseen",
    "update_profile",
    "withdraw_institute_admin",
    "withdraw_invitation",
]
