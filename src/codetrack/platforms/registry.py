"""Which platforms there are: the modules of this package, and what installed packages add by an
entry point.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from inspect import isabstract
from types import ModuleType

from . import __name__ as package
from . import __path__ as folders
from .base import Platform

ENTRY_POINTS = "codetrack.platforms"


@cache
def all_platforms() -> dict[str, type[Platform]]:
    """Every known adapter by key, in the order of the keys.

    An installed package names a module or a class under the entry-point group
    `codetrack.platforms`.
    """
    found = {adapter.key: adapter for module in _modules() for adapter in _adapters(module)}
    for point in entry_points(group=ENTRY_POINTS):
        loaded = point.load()
        for adapter in _adapters(loaded) if isinstance(loaded, ModuleType) else [loaded]:
            found[adapter.key] = adapter
    return dict(sorted(found.items()))


def _modules() -> Iterator[ModuleType]:
    for info in pkgutil.iter_modules(folders):
        yield importlib.import_module(f"{package}.{info.name}")


def _adapters(module: ModuleType) -> Iterator[type[Platform]]:
    """The adapters defined in a module, not those it merely imports."""
    for value in vars(module).values():
        adapter = isinstance(value, type) and issubclass(value, Platform)
        if adapter and not isabstract(value) and value.__module__ == module.__name__:
            yield value
