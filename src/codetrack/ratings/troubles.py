"""What keeps a platform from being read, as members are told. Its own words are for the log."""

from __future__ import annotations

from django.utils.translation import gettext as _

from codetrack.platforms.base import (
    Blocked,
    ChangedLayout,
    Invalid,
    NotFound,
    PlatformError,
)
from codetrack.ratings.models import Handle

type State = Handle.State


def state_of(error: PlatformError) -> State:
    """What an error of a platform makes of an account that was asked for."""
    if isinstance(error, NotFound | Invalid):
        return Handle.State.GONE
    states = {Blocked: Handle.State.BLOCKED, ChangedLayout: Handle.State.CHANGED}
    return states.get(type(error), Handle.State.STALE)


def sentence(state: str, platform: str) -> str:
    """Why an account in this state was not read, with the platform by its name; "" if it was."""
    sentences = {
        Handle.State.STALE: _("%(platform)s could not be read when we last asked."),
        Handle.State.BLOCKED: _("%(platform)s does not let this site in at the moment."),
        Handle.State.CHANGED: _(
            "%(platform)s has changed its pages, and CodeTrack cannot read them yet."
        ),
        Handle.State.GONE: _("%(platform)s says that there is no such account."),
    }
    return sentences.get(Handle.State(state), "") % {"platform": platform}
