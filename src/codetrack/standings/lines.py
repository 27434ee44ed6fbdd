"""The HTML of rows, kept in the memory of the process.

A line holds everything that its HTML is made of, names as its viewer may read them included, so
nothing that is kept ever has to be thrown away because something changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from codetrack.accounts.models import Institute, User
from codetrack.core import clock
from codetrack.standings import kinds
from codetrack.standings.queries import sheets
from codetrack.standings.queries.lines import Line
from codetrack.standings.queries.sheets import Sheet, Tab, Wish
from codetrack.web.relative import relative

KEPT = 4_096


@dataclass(frozen=True, kw_only=True)
class Top:
    """The best of an institute on its first board, for pages elsewhere."""

    wish: Wish
    sheet: Sheet
    rows: list[SafeString]


def top(institute: Institute, viewer: User | None, *, size: int) -> Top | None:
    """What `viewer` sees of the best; without one as everybody on the internet sees it.

    None where nothing can be compared.
    """
    offered = kinds.offered()
    if not offered:
        return None
    wish = Wish(tab=Tab.INSTITUTE, kind=offered[0], institute=institute)
    sheet = sheets.best(wish, viewer, size=size, kinds=offered)
    rows = [html(line, opens=viewer is not None, follows=False) for line in sheet.lines]
    return Top(wish=wish, sheet=sheet, rows=rows)


def html(line: Line, *, opens: bool = True, follows: bool = True) -> SafeString:
    """One `<tr>`. `opens` says whether members are links, `follows` whether there are buttons."""
    age = relative(line.as_of, clock.now()) if line.as_of else ""
    shown = Shown(opens, follows, age, get_language() or "", get_current_timezone_name())
    return _drawn(line, shown)


class Shown(NamedTuple):
    """What the HTML of a row depends on besides the line: words of an age change with time."""

    opens: bool
    follows: bool
    age: str
    language: str
    zone: str


@lru_cache(KEPT)
def _drawn(line: Line, shown: Shown) -> SafeString:
    state = "stale" if line.is_stale else "ok"
    return render_to_string("standings/line.html", {"line": line, "shown": shown, "state": state})
