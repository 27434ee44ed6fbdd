"""The best of an institute, as pages show them that are about more than a board."""

from __future__ import annotations

from codetrack.accounts.models import Institute, User
from codetrack.standings import lines
from codetrack.standings.lines import Top

IN_INSTITUTE, IN_PUBLIC = 10, 8  # rows


def best_of(institute: Institute, viewer: User) -> Top | None:
    return lines.top(institute, viewer, size=IN_INSTITUTE)


def best_in_public(institute: Institute) -> Top | None:
    """Those have a name there who show it to the whole site."""
    return lines.top(institute, None, size=IN_PUBLIC)
