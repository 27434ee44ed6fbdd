"""A column for each platform in lists of people, and what becomes of the handles in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial

from codetrack.accounts import roster
from codetrack.accounts.events import MembershipStarted
from codetrack.accounts.models import Invitation
from codetrack.core.events import consumer
from codetrack.core.models import Event
from codetrack.ratings import adapters, services
from codetrack.ratings.models import Claim


@roster.register
def columns() -> Iterator[roster.Column]:
    for platform in adapters.enabled():
        yield roster.Column(
            key=platform.key,
            label=platform.name,
            synonyms=frozenset({platform.name.lower(), f"{platform.key} handle"}),
            read=partial(adapters.parse_handle, platform),
            owners=partial(_owners, platform.key),
            heads=(platform.key, f"{platform.key} rating"),
            cells=partial(_cells, platform.key),
        )


@consumer(MembershipStarted.tag, name="ratings:roster")
def name_listed_handles(events: Sequence[Event]) -> None:
    """Who comes by an invitation names the handles that their institute has on its list."""
    started = [MembershipStarted.of(event) for event in events]
    pks = {one.invitation_id for one in started if one.invitation_id}
    rows = Invitation.objects.filter(pk__in=pks, member__isnull=False).exclude(extras={})
    for row in rows.select_related("member").order_by("pk"):
        for platform, text in row.extras.items():
            if row.member and adapters.is_enabled(platform):
                services.link_listed(member=row.member, platform=platform, text=text)


def _owners(platform: str, handles: Collection[str]) -> dict[str, int]:
    """Who has proven which of these."""
    by_spelling = {handle.lower(): handle for handle in handles}
    proven = Claim.objects.verified().filter(platform=platform)
    rows = proven.filter(handle__canonical__in=by_spelling)
    found = dict(rows.values_list("handle__canonical", "member"))
    return {handle: found[handle.lower()] for handle in handles if handle.lower() in found}


def _cells(platform: str, members: Collection[int]) -> dict[int, tuple[object, ...]]:
    """The handle that each of these members names, and its rating."""
    rows = Claim.objects.open().filter(platform=platform, member__in=list(members))
    found = rows.values_list("member", "handle__shown", "handle__current__rating")
    return {member: (shown, rating) for member, shown, rating in found}
