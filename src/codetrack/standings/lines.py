"""The HTML of rows, kept in the memory of the process.

A line holds everything that its HTML is made of, names as its viewer may read them included, so
nothing that is kept ever has to be thrown away because something changed.
"""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from codetrack.core import clock
from codetrack.standings.queries.lines import Line
from codetrack.web.relative import relative

KEPT = 4_096


def html(line: Line, *, links: bool = True) -> SafeString:
    """One `<tr>`; `links` says whether members may be opened and followed."""
    age = relative(line.as_of, clock.now()) if line.as_of else ""
    return _drawn(line, links, age, get_language() or "", get_current_timezone_name())


@lru_cache(KEPT)
def _drawn(line: Line, links: bool, age: str, language: str, zone: str) -> SafeString:
    """The words of an age change with time, those of a date with the language and the zone."""
    state = "stale" if line.is_stale else "ok"
    context = {"line": line, "links": links, "state": state, "id": line.username or None}
    return render_to_string("standings/line.html", context)
