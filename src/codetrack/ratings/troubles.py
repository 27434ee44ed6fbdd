"""What keeps a platform from being read, as members are told. Its own words are for the log."""

from __future__ import annotations

from django.utils.translation import gettext as _

from codetrack.platforms.base import (
    Blocked,
    ChangedLayout,
    Invalid,
    NotFound,
    PlatformError,
    Private,
    RateLimited,
)
from codetrack.ratings.models import Handle

type State = Handle.State


def state_of(error: PlatformError) -> State:
    """What an error of a platform makes of an account that was asked for."""
    if isinstance(error, NotFound | Invalid):
        return Handle.State.GONE
    states = {
        Blocked: Handle.State.BLOCKED,
        ChangedLayout: Handle.State.CHANGED,
        Private: Handle.State.PRIVATE,
    }
    return states.get(type(error), Handle.State.STALE)


def sentence(state: str, platform: str, said: str = "") -> str:
    """Why an account in this state was not read, with the platform by its name; "" if it was.

    `said`: the message of the error.
    """
    if state == Handle.State.STALE and RateLimited.SAID in said:
        text = _("%(platform)s asked us to slow down, so we wait before we ask again.")
        return text % {"platform": platform}
    sentences = {
        Handle.State.STALE: _("%(platform)s could not be read when we last asked."),
        Handle.State.BLOCKED: _("%(platform)s does not let this site in at the moment."),
        Handle.State.CHANGED: _(
            "%(platform)s has changed its pages, and CodeTrack cannot read them yet."
        ),
        Handle.State.GONE: _("%(platform)s says that there is no such account."),
        Handle.State.PRIVATE: _(
            "This account is hidden on %(platform)s: make it public in the settings there."
        ),
    }
    return sentences.get(Handle.State(state), "") % {"platform": platform}


def doubt(platform: str) -> str:
    """Of an account with data that the platform has denied once."""
    return _(
        "%(platform)s said that there is no such account. We ask once more before we believe it."
    ) % {"platform": platform}


def advice(state: str, platform: str) -> str:
    """What an admin of the site can set, for the platform with this key; "" where nothing helps."""
    key = platform.upper()
    advices = {
        Handle.State.BLOCKED: _(
            "Platforms often turn away servers in data centres. CODETRACK_CONTACT tells them whom "
            "to write to, CODETRACK_%(key)s_PROXY names a proxy they let in, and "
            "CODETRACK_%(key)s_URL another address."
        ),
        Handle.State.CHANGED: _(
            "A newer CodeTrack may read them. CODETRACK_%(key)s_ENABLED=0 stops asking until then."
        ),
    }
    return advices.get(Handle.State(state), "") % {"key": key}
