"""How long ago or how soon, in the few characters that a table has room for."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def relative(when: datetime, now: datetime) -> str:
    """Such as "3 h ago", "in 2 d" or "now"; both times aware."""
    if abs(now - when) < MINUTE:
        return _("now")
    span = _span(abs(now - when))
    return _("%(span)s ago") % {"span": span} if when < now else _("in %(span)s") % {"span": span}


def _span(length: timedelta) -> str:
    days = length // DAY
    if length < HOUR:
        return _("%(n)d min") % {"n": length // MINUTE}
    if days < 1:
        return _("%(n)d h") % {"n": length // HOUR}
    if days < 14:
        return _("%(n)d d") % {"n": days}
    if days < 60:
        return _("%(n)d wk") % {"n": days // 7}
    if days < 730:
        return _("%(n)d mo") % {"n": days * 12 // 365}
    return _("%(n)d y") % {"n": days // 365}
