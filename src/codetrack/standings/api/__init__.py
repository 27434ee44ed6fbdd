"""Boards and the feed, for programs."""

from codetrack.standings.api import feed, leaderboards

__all__ = ["feed", "leaderboards"]
