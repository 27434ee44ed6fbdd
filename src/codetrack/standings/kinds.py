"""What there are boards of: each app's `boards.py` registers it, the pages of standings read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import number_format

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy

GROUPED = 10_000
RATING = "rating:"  # so begin the keys of the boards of one platform


@dataclass(frozen=True, slots=True)
class Tier:
    """Values from `floor` on have this name; `level` is its colour, 1 to 10."""

    floor: int
    level: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One number that members can be ordered by, such as the rating on one platform.

    `unit` is what a page writes in the head of the column; `gains` whether there are boards of what
    was gained in a month and a week; `decimals` how many digits of the whole number stand behind
    the point; `explained` the name of a URL that says how it is made; `offered` says whether it is
    offered at present (a platform may be switched off).
    """

    key: str
    label: str | Lazy
    unit: str | Lazy
    order: int
    tiers: Sequence[Tier] = ()
    gains: bool = True
    decimals: int = 0
    explained: str = ""
    offered: Callable[[], bool] = lambda: True

    @property
    def is_account(self) -> bool:
        """Whether one stands there by an account elsewhere: its label is the name of that place."""
        return self.key.startswith(RATING)

    def tier(self, value: int) -> Tier | None:
        """The highest tier that `value` reaches."""
        reached = [one for one in self.tiers if one.floor <= value]
        return max(reached, key=lambda one: one.floor, default=None)

    def text(self, value: int) -> str:
        """The number as pages write it; four digits and fewer are not grouped."""
        if not self.decimals and abs(value) < GROUPED:
            return str(value)  # as nearly all are, and there are hundreds on a page
        number = Decimal(value).scaleb(-self.decimals)
        return number_format(number, self.decimals, force_grouping=abs(number) >= GROUPED)

    def change(self, value: int) -> str:
        """What was gained or lost, with its sign."""
        sign = {1: "+", 0: "±", -1: "−"}[(value > 0) - (value < 0)]
        return sign + self.text(abs(value))


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    for it in kinds:
        if it.key in _kinds:
            raise ValueError(f"There are two kinds of boards named {it.key}.")
        _kinds[it.key] = it


def kind(key: str) -> Kind | None:
    """The kind with this key, offered or not."""
    return _kinds.get(key)


def offered() -> list[Kind]:
    """What a page offers now, in its order."""
    return sorted((it for it in _kinds.values() if it.offered()), key=lambda it: it.order)
