"""What the house has to say to a visitor above every page; each app's `menu.py` registers here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise as Lazy

    from codetrack.web.menu import Visitor


@dataclass(frozen=True, kw_only=True)
class Banner:
    """One sentence and where to do something about it; `url` is a URL name without arguments.

    A `text` that depends on how things stand is a function.
    """

    text: str | Lazy | Callable[[], str]
    url: str
    action: str | Lazy
    visible: Callable[[Visitor], bool]


_banners: list[Banner] = []


def register(banner: Banner) -> None:
    if banner not in _banners:
        _banners.append(banner)


def on_page(request: HttpRequest) -> list[Banner]:
    """What its visitor is told, except on the pages that a banner itself leads to."""
    shown = [banner for banner in _banners if not request.path.startswith(reverse(banner.url))]
    return [banner for banner in shown if banner.visible(request.user)]
