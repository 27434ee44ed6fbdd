"""What happens to boards and feeds: ids and plain values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from codetrack.core.events import Payload


@dataclass(frozen=True, kw_only=True)
class FeedChanged(Payload):
    """Somebody whom the listeners follow did something; short-lived, for open pages."""

    tag: ClassVar[str] = "standings:feed:changed"


@dataclass(frozen=True, kw_only=True)
class BoardChanged(Payload):
    """Somebody stands elsewhere; short-lived, so that open pages fetch their table again."""

    tag: ClassVar[str] = "standings:board:changed"
    board_id: int
