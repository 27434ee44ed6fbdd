"""What members may be told of: each app's `notices.py` registers it, notifications reads it.

So the lowest app tells as easily as the highest, and none knows how it reaches whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from codetrack.core.models import Event

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy

type Plain = str | int | bool | None

#: How a channel tells: at once, in a digest, or not at all.
NOW, DAILY, WEEKLY, OFF = "now", "daily", "weekly", "off"


@dataclass(frozen=True, kw_only=True)
class Told:
    """One notice to one recipient: a member, or an address of somebody without an account.

    `thread` names what it is about ("handle:12"): what is told of one thread within a minute comes
    as one mail, and a member can mute it. `params` are what the kind's templates are given.
    """

    event: Event
    thread: str
    url: str
    params: Mapping[str, Plain] = field(default_factory=dict)
    member_id: int | None = None
    address: str = ""


type Tell = Callable[[Sequence[Event]], Iterable[Told]]
type Concerns = Callable[[Any], bool]


def everyone(user: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of notice: a row of the matrix in the settings.

    Its texts are the templates `<app>/notices/<key>.title.txt` (one line), `.txt` and, where the
    mail is to have more than paragraphs, `.html`. `why` is the whole sentence "You get this mail
    because …". `defaults` says how a channel tells for those who chose nothing; one not named here
    does not. `always` names channels that nobody can switch off. `concerns` says whom it may ever
    be told: only they are asked how.
    """

    key: str
    app: str
    tags: frozenset[str]
    label: str | Lazy
    why: str | Lazy
    defaults: Mapping[str, str]
    always: frozenset[str]
    concerns: Concerns
    tell: Tell

    @property
    def template(self) -> str:
        return f"{self.app}/notices/{self.key}"


kinds: dict[str, Kind] = {}


def kind(
    *tags: str,
    key: str,
    label: str | Lazy,
    why: str | Lazy,
    defaults: Mapping[str, str],
    always: Iterable[str] = (),
    concerns: Concerns = everyone,
) -> Callable[[Tell], Tell]:
    """Let a function of a `notices.py` say who is told what of events with these tags.

    It is given up to 500 events in their order and yields a `Told` for each recipient; it reads the
    database in few queries, and neither writes nor talks to the outside.
    """

    def register(function: Tell) -> Tell:
        if key in kinds:
            raise ValueError(f"There are two kinds of notices named {key}.")
        kinds[key] = Kind(
            key=key,
            app=function.__module__.split(".")[-2],
            tags=frozenset(tags),
            label=label,
            why=why,
            defaults=dict(defaults),
            always=frozenset(always),
            concerns=concerns,
            tell=function,
        )
        return function

    return register
