"""Who the worker is: never root. Root takes a user id of its own for each worker, for good."""

from __future__ import annotations

import os

from codetrack.judge.errors import Refused
from codetrack.judge.sandbox import folders, linux
from codetrack.judge.sandbox.cgroup import Delegated
from codetrack.judge.sandbox.folders import Place

#: Ids that no package, person or container is given, and that fit into 16 bits (rootless ones).
FIRST_UID = 60_800


def take(groups: Delegated | None = None) -> Place:
    """Make this process an ordinary user's that nobody of that user can look into; take its folder.

    To be called once, when everything is imported: the interpreter's own folder may be closed to
    the new user. It keeps its control `groups`. Raises Refused.
    """
    if os.geteuid() == 0:
        uid, place = folders.take_as_root(FIRST_UID)
        if groups is not None:
            groups.give(uid)
        _become(uid)
        _reach(place)
    else:
        place = folders.take(os.geteuid())
    linux.hide_from_same_user()
    linux.become_subreaper()
    os.umask(0o077)
    return place


def _reach(place: Place) -> None:
    if not os.access(place.work, os.W_OK | os.X_OK):
        raise Refused(
            f"The judge's user cannot reach its folder {place.folder}.",
            "Name a folder that every user may pass through with CODETRACK_JUDGE_DIR.",
        )


def _become(uid: int) -> None:
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    except OSError as error:
        raise Refused(
            f"This root may not become user {uid}: {error.strerror}.",
            "Start the judge as an ordinary user instead.",
        ) from error
    if 0 in os.getresuid() or 0 in os.getresgid():
        raise Refused("The judge is still root.", "Start it as an ordinary user.")
