"""Whether an answer of a platform proves a handle: a decision about plain values, and its words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from codetrack.platforms.base import Attempt, PlatformError, Profile, RateLimited, Verdict
from codetrack.ratings.adapters import COMPILE_ERROR, Adapter
from codetrack.ratings.troubles import sentence, state_of
from codetrack.ratings.verdicts import look

QUOTED = 60  # characters of a text that are quoted back
GRACE = timedelta(minutes=1)  # some platforms tell whole minutes, and clocks differ


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a proof asks for: `token` in a text, or a compile error at the problem with this key.

    `handle` is the canonical name of the account; times are told in `zone`.
    """

    handle: str
    method: str
    token: str
    problem: str
    since: datetime
    zone: str


@dataclass(frozen=True)
class Finding:
    """`method` is the way by which the handle is proven; None: it is not, and `seen` says why."""

    method: str | None
    seen: str = ""


def judge(
    asked: Asked,
    platform: Adapter,
    found: Profile | PlatformError,
    attempts: Sequence[Attempt] = (),
) -> Finding:
    """Whether what the platform showed is what was asked for. `attempts` come newest first."""
    if isinstance(found, PlatformError):
        return Finding(None, _no_answer(platform, found))
    if found.handle.lower() != asked.handle:
        text = _("%(platform)s calls this account %(handle)s. Link it by that name.")
        return Finding(None, text % {"platform": platform.name, "handle": found.handle})
    if asked.method == COMPILE_ERROR:
        return _in_attempts(asked, found, attempts)
    return _in_texts(asked, platform, found)


def _no_answer(platform: Adapter, error: PlatformError) -> str:
    text = sentence(state_of(error), platform.name, error.message)
    if not isinstance(error, RateLimited) or not error.retry_after:
        return text
    minutes = math.ceil(error.retry_after / 60)
    again = ngettext("Check again in %(n)d minute.", "Check again in %(n)d minutes.", minutes)
    return f"{text} {again % {'n': minutes}}"


# --- a code in a text


def _in_texts(asked: Asked, platform: Adapter, found: Profile) -> Finding:
    """Any text that only the owner can edit will do."""
    places = sorted(found.texts, key=lambda key: key != asked.method)
    place = next((key for key in places if asked.token in found.texts[key].lower()), None)
    return Finding(place) if place else Finding(None, _seen_text(asked, platform, found))


def _seen_text(asked: Asked, platform: Adapter, found: Profile) -> str:
    titles = {method.key: method.title for method in platform.proofs}
    about = {"place": titles.get(asked.method, asked.method), "handle": found.handle}
    text = found.texts.get(asked.method, "").strip()
    if not text:
        return _("%(place)s of %(handle)s is empty.") % about
    return _("%(place)s of %(handle)s says “%(text)s”.") % {**about, "text": _short(text)}


# --- a compile error


def _in_attempts(asked: Asked, found: Profile, attempts: Sequence[Attempt]) -> Finding:
    there = [one for one in attempts if one.problem.key == asked.problem]
    if any(_proves(asked, one) for one in there):
        return Finding(COMPILE_ERROR)
    newest = next(iter(there), None) or next(iter(attempts), None)
    if newest is None or (newest not in there and not _in_time(asked, newest)):
        text = _("%(handle)s has sent nothing there since %(since)s.")
        about = {"handle": found.handle, "since": _time(asked, asked.since)}
        return Finding(None, text % about)
    return Finding(None, _seen_attempt(asked, newest))


def _proves(asked: Asked, attempt: Attempt) -> bool:
    failed = attempt.verdict == Verdict.COMPILE_ERROR
    return failed and _in_time(asked, attempt) and _alone(asked, attempt)


def _in_time(asked: Asked, attempt: Attempt) -> bool:
    return attempt.at >= asked.since - GRACE


def _alone(asked: Asked, attempt: Attempt) -> bool:
    return [member.lower() for member in attempt.members] == [asked.handle]


def _seen_attempt(asked: Asked, attempt: Attempt) -> str:
    """What is wrong with the newest submission, in the order in which a member can help it."""
    if attempt.problem.key != asked.problem:
        text = _("The newest submission is one to “%(seen)s”, judged “%(verdict)s” (%(time)s).")
    elif not _in_time(asked, attempt):
        text = _("The newest submission there is older than this proof (%(time)s). Send another.")
    elif attempt.verdict == Verdict.PENDING:
        text = _("The submission there is still being judged (%(time)s).")
    elif attempt.verdict == Verdict.COMPILE_ERROR:
        text = _("The compile error there was sent by a team: %(members)s (%(time)s).")
    else:
        text = _("The newest submission there was judged “%(verdict)s” (%(time)s).")
    return text % {
        "seen": _short(attempt.problem.title),
        "verdict": look(attempt.verdict).word,
        "time": _time(asked, attempt.at),
        "members": _short(", ".join(attempt.members)),
    }


def _time(asked: Asked, at: datetime) -> str:
    """In the member's zone; the day as well when it is another one."""
    zone = ZoneInfo(asked.zone)
    local, then = at.astimezone(zone), asked.since.astimezone(zone)
    return date_format(local, "H:i" if local.date() == then.date() else "j M Y, H:i")


def _short(text: str) -> str:
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"
