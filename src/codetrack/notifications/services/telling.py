"""From events to notices and deliveries: who is told, by which channels, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac

from codetrack.accounts import addresses
from codetrack.accounts.models import User
from codetrack.core import clock, notices
from codetrack.core.models import Event
from codetrack.core.notices import Kind, Told
from codetrack.notifications import channels, queries
from codetrack.notifications.channels import Channel
from codetrack.notifications.models import Delivery, Mute, Notice, Timetable
from codetrack.notifications.services import planning
from codetrack.notifications.services.bell import ring

#: What is older is not told: a site that was down, or never told before, does not tell its past.
FRESH = timedelta(days=3)
LONGEST = 254  # address
SOONEST = (notices.NOW, notices.DAILY, notices.WEEKLY)


@dataclass
class Plan:
    """One notice to be written, and how the channels that leave this site tell it."""

    kind: Kind
    told: Told
    in_inbox: bool
    hows: dict[str, str] = field(default_factory=dict)

    @property
    def change(self) -> tuple[int | None, str, str, int]:
        """What happened to whom: all that is told of it goes in one message."""
        return (self.told.member_id, self.told.address, self.told.thread, self.told.event.pk)

    @property
    def name(self) -> tuple[int | None, str, str, str, int | None]:
        """What tells its notice from all others."""
        told = self.told
        return (told.member_id, told.address, self.kind.key, told.thread, told.event.seq)


def tell(events: Sequence[Event]) -> int:
    """Write what these events tell to whom; return how many notices.

    Runs in the transaction that moves the position of the consumer, so each is written once.
    """
    since = clock.now() - FRESH
    told = _resolved(_told([event for event in events if event.at > since]))
    audience = _Audience({one.member_id for _, one in told if one.member_id})
    plans = _untold([plan for kind, one in told if (plan := audience.plan(kind, one))])
    _join(plans)
    written = Notice.objects.bulk_create([_notice(plan) for plan in plans])
    _deliver(plans, written, audience)
    ring(sorted({row.member_id for row in written if row.member_id and row.in_inbox}))
    return len(written)


def _told(events: Sequence[Event]) -> list[tuple[Kind, Told]]:
    """What every kind has to say, in the order of the events; each once a recipient."""
    found: dict[tuple[object, ...], tuple[Kind, Told]] = {}
    for kind in notices.kinds.values():
        theirs = [event for event in events if event.tag in kind.tags]
        for one in kind.tell(theirs) if theirs else ():
            key = (one.member_id, one.address, kind.key, one.thread, one.event.pk)
            found[key] = (kind, one)
    return sorted(found.values(), key=lambda pair: pair[1].event.seq or 0)


def _resolved(told: Sequence[tuple[Kind, Told]]) -> list[tuple[Kind, Told]]:
    """An address that belongs to a member by now is that member, who is told once."""
    known = {addresses.normal(one.address) for _, one in told if not one.member_id}
    owners = dict(User.objects.filter(email__in=known).values_list("email", "pk"))
    found: dict[tuple[object, ...], tuple[Kind, Told]] = {}
    for kind, one in told:
        address = "" if one.member_id else addresses.normal(one.address)
        owner = one.member_id or owners.get(address)
        if owner or _is_address(address):
            to = replace(one, member_id=owner, address="" if owner else address)
            found[owner, to.address, kind.key, one.thread, one.event.pk] = (kind, to)
    return list(found.values())


def _is_address(address: str) -> bool:
    """One that the tables have room for: a longer one would keep all that is told from being so."""
    if len(address) > LONGEST:
        return False
    with suppress(ValidationError):
        validate_email(address)
        return True
    return False


class _Audience:
    """What is known of the members of a batch: a query a table, however many they are."""

    def __init__(self, members: Iterable[int]) -> None:
        rows = User.objects.filter(pk__in=members, is_active=True)
        self.members = {member.pk: member for member in rows}
        self.chosen = queries.choices_of(self.members)
        mutes = Mute.objects.filter(member__in=self.members)
        self.muted = set(mutes.values_list("member", "thread"))
        self.timetables = Timetable.objects.in_bulk(list(self.members))
        self.channels = channels.every()

    def plan(self, kind: Kind, told: Told) -> Plan | None:
        """How this is told; None when nobody wants it."""
        if told.member_id is None:
            plan = Plan(kind, told, in_inbox=False)
        elif told.member_id in self.members:
            plan = Plan(kind, told, in_inbox=self._how(kind, told, "web") != notices.OFF)
        else:
            return None
        for channel in self.channels.values():
            if channel.leaves:
                plan.hows[channel.key] = self._how(kind, told, channel.key)
        plan.hows = {key: how for key, how in plan.hows.items() if how != notices.OFF}
        return plan if plan.in_inbox or plan.hows else None

    def due(self, how: str, member_id: int | None) -> Delivery:
        """A new delivery with the time at which it is to go out."""
        member = self.members.get(member_id or 0)
        timetable = self.timetables.get(member_id or 0) or Timetable()
        now = clock.now()
        due_at = planning.due(how, now, planning.zone_of(member), timetable)
        return Delivery(member=member, how=how, due_at=due_at, created_at=now)

    def _how(self, kind: Kind, told: Told, key: str) -> str:
        channel: Channel = self.channels[key]
        if told.member_id is None:  # nobody there could choose, or wait for a digest
            default = channels.default(kind, channel)
            return notices.OFF if default == notices.OFF else notices.NOW
        if (told.member_id, told.thread) in self.muted and key not in kind.always:
            return notices.OFF
        return queries.how(kind, channel, self.chosen, told.member_id)


def _untold(plans: Sequence[Plan]) -> list[Plan]:
    """Without what is told already: a consumer that starts anew is no reason to tell twice."""
    rows = Notice.objects.filter(seq__in={plan.told.event.seq for plan in plans})
    known = set(rows.values_list("member", "address", "kind", "thread", "seq"))
    return [plan for plan in plans if plan.name not in known]


def _join(plans: Sequence[Plan]) -> None:
    """One change is one message: what several kinds tell of it goes with the soonest of them."""
    changes: dict[tuple[object, ...], list[Plan]] = defaultdict(list)
    for plan in plans:
        changes[plan.change].append(plan)
    for alike in changes.values():
        for key in {key for plan in alike for key in plan.hows}:
            soonest = min((p.hows[key] for p in alike if key in p.hows), key=SOONEST.index)
            for plan in alike:
                if key in plan.hows:
                    plan.hows[key] = soonest


def _notice(plan: Plan) -> Notice:
    told = plan.told
    return Notice(
        member_id=told.member_id,
        address=told.address,
        kind=plan.kind.key,
        thread=told.thread,
        seq=told.event.seq or 0,
        url=told.url,
        params=dict(told.params),
        created_at=told.event.at,
        in_inbox=plan.in_inbox,
    )


type Slot = tuple[int | None, str, str, str]


def _deliver(plans: Sequence[Plan], written: Sequence[Notice], audience: _Audience) -> None:
    """Put each notice into the message that is held for it, or into a new one."""
    held = _held(plans)
    new: list[Delivery] = []
    inside: list[tuple[Delivery, Notice]] = []
    for plan, notice in zip(plans, written, strict=True):
        for channel, how in plan.hows.items():
            group = notice.thread if how == notices.NOW else how
            slot: Slot = (notice.member_id, notice.address, channel, group)
            if slot not in held:
                held[slot] = _new(slot, notice.seq, audience.due(how, notice.member_id))
                new.append(held[slot])
            inside.append((held[slot], notice))
    Delivery.objects.bulk_create(new)
    Inside = Delivery.notices.through  # noqa: N806 - a class
    Inside.objects.bulk_create(
        Inside(delivery_id=delivery.pk, notice_id=notice.pk) for delivery, notice in inside
    )
    for delivery in new:
        planning.plan(delivery)


def _held(plans: Sequence[Plan]) -> dict[Slot, Delivery]:
    """The messages that these recipients are still to get, locked: none leaves meanwhile."""
    rows = Delivery.objects.filter(state=Delivery.State.HELD).select_for_update().order_by("pk")
    members = {plan.told.member_id for plan in plans if plan.told.member_id}
    others = {plan.told.address for plan in plans if plan.told.address}
    found = [*rows.filter(member__in=members), *rows.filter(member=None, address__in=others)]
    return {(row.member_id, row.address, row.channel, row.group): row for row in found}


def _new(slot: Slot, seq: int, delivery: Delivery) -> Delivery:
    """The key is made of what it is: the same message cannot be made twice, nor its key guessed."""
    _member, delivery.address, delivery.channel, delivery.group = slot
    digest = salted_hmac("codetrack.notifications.key", repr((*slot, seq)), algorithm="sha256")
    delivery.key = digest.hexdigest()[:40]
    return delivery
