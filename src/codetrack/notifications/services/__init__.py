"""The only places where notices change: told, read, delivered, and how a member wants them."""

from codetrack.notifications.services.blocking import block, take_back
from codetrack.notifications.services.delivering import (
    note_dropped,
    note_failed,
    note_sent,
    still_wanted,
    take_up,
)
from codetrack.notifications.services.keeping import prune, wake_overdue
from codetrack.notifications.services.planning import plan_again
from codetrack.notifications.services.preferences import (
    mute,
    set_preference,
    set_preferences,
    set_timetable,
    unblock,
    unmute,
    unsubscribe,
)
from codetrack.notifications.services.reading import (
    mark_all_read,
    mark_read,
    mark_thread_read,
    mark_unread,
)
from codetrack.notifications.services.telling import tell

__all__ = [
    "block",
    "mark_all_read",
    "mark_read",
    "mark_thread_read",
    "mark_unread",
    "mute",
    "note_dropped",
    "note_failed",
    "note_sent",
    "plan_again",
    "prune",
    "set_preference",
    "set_preferences",
    "set_timetable",
    "still_wanted",
    "take_back",
    "take_up",
    "tell",
    "unblock",
    "unmute",
    "unsubscribe",
    "wake_overdue",
]
