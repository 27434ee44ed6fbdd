"""Imports, at start, the files by which apps meet: each only registers what its app offers."""

from __future__ import annotations

from django.utils.module_loading import autodiscover_modules

FILES = (
    *("menu", "consumers", "tasks", "notices", "topics", "bot", "boards", "feed", "privacy"),
    "roster",
)


def autodiscover() -> None:
    """Import these files of every app, where they exist. The api frame imports `api.py`."""
    autodiscover_modules(*FILES)
