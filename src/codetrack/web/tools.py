"""Small signs in the header of a member's pages, such as a bell; each app's `menu.py` registers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    type Tool = Callable[[HttpRequest], SafeString]

_tools: list[Tool] = []


def register(tool: Tool) -> None:
    """`tool` gives the sign as HTML, in at most one query: it is asked on every page."""
    if tool not in _tools:
        _tools.append(tool)


def on_page(request: HttpRequest) -> list[SafeString]:
    return [tool(request) for tool in _tools]
