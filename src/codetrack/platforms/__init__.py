"""The outside world in plain Python: one file per platform. Imports neither Django nor anything else of CodeTrack."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType

from .base import Platform

ENTRY_POINTS = "codetrack.platforms"


@cache
def all() -> dict[str, type[Platform]]:  # noqa: A001 - read as `platforms.all()`
    """Every known adapter by key, in the order of the keys: those of this package, then of installed packages.

    An installed package names a module or a class under the entry-point group `codetrack.platforms`.
    """
    found = {adapter.key: adapter for module in _modules() for adapter in _adapters(module)}
    for point in entry_points(group=ENTRY_POINTS):
        loaded = point.load()
        for adapter in _adapters(loaded) if isinstance(loaded, ModuleType) else [loaded]:
            found[adapter.key] = adapter
    return dict(sorted(found.items()))


def _modules() -> Iterator[ModuleType]:
    for info in pkgutil.iter_modules(__path__):
        yield importlib.import_module(f"{__name__}.{info.name}")


def _adapters(module: ModuleType) -> Iterator[type[Platform]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Platform) and value.__module__ == module.__name__ != Platform.__module__:
            yield value
