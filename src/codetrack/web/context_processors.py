"""What the frame of every page needs: theme, navigation, names."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from codetrack.web import banners, menu, preferences, sources, tools


def frame(request: HttpRequest) -> dict[str, Any]:
    return {
        "theme": preferences.theme(request),
        "single_keys": preferences.single_keys(request),
        "site_name": "CodeTrack",
        "site_url": settings.CODETRACK_URL,
        "mail_is_kept": not settings.MAIL_URL,
        "workshop": settings.DEBUG or settings.DEMO,
        "banners": SimpleLazyObject(lambda: banners.on_page(request)),
        "nav": SimpleLazyObject(lambda: menu.entries(menu.NAV, request)),
        "sections": SimpleLazyObject(lambda: menu.entries(menu.SETTINGS, request)),
        "sources": SimpleLazyObject(lambda: sources.known() if _is_member(request) else []),
        "tools": SimpleLazyObject(lambda: tools.on_page(request) if _is_member(request) else []),
        "user_menu": SimpleLazyObject(lambda: menu.entries(menu.USER, request)),
    }


def _is_member(request: HttpRequest) -> bool:
    return request.user.is_authenticated
