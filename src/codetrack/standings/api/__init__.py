"""Boards and the feed, for programs."""

from codetrack.standings.api import feed

__all__ = ["feed"]
