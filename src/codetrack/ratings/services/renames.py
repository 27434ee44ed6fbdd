"""An account that goes by another name now: the row follows, and two rows of one account join."""

from __future__ import annotations

from collections.abc import Mapping

from codetrack.core import events
from codetrack.platforms.base import PlatformError, Profile
from codetrack.ratings.events import HandleLost, HandleRenamed
from codetrack.ratings.models import Claim, Handle
from codetrack.ratings.services.audience import Audience
from codetrack.ratings.services.claims import end_claim


def namesakes(found: Mapping[int, Profile | PlatformError]) -> list[int]:
    """The rows that have the new names of those renamed since: to be locked with them, in order."""
    profiles = [one for one in found.values() if isinstance(one, Profile)]
    names = [one.handle.lower() for one in profiles if one.renamed_from is not None]
    if not names:
        return []
    platform = Handle.objects.filter(pk__in=found).values("platform")[:1]
    rows = Handle.objects.filter(platform=platform, canonical__in=names)
    return list(rows.values_list("pk", flat=True))


def follow_rename(handle: Handle, shown: str, audience: Audience) -> list[int]:
    """Take over the spelling that the platform uses now; returns what was joined into the handle.

    The caller locks the handle, with its namesakes, and saves it.
    """
    old, handle.shown = handle.shown, shown
    if shown.lower() == handle.canonical:
        return []
    handle.canonical = shown.lower()
    namesake = Handle.objects.filter(platform=handle.platform, canonical=handle.canonical)
    absorbed = []
    for other in namesake.exclude(pk=handle.pk).select_for_update():
        absorbed.append(other.pk)
        _absorb(handle, other)
    renamed = HandleRenamed(handle_id=handle.pk, old=old, new=shown)
    events.record(renamed, subject=handle, topics=audience.of(handle))
    return absorbed


def _absorb(handle: Handle, other: Handle) -> None:
    """Somebody linked the account under its new name already: its claims move here.

    What `other` knows of contests and problems is the same account's and stands in `handle` too,
    or is read again at the next need. Of two proofs the newer one counts.
    """
    proven = Claim.objects.verified().filter(handle__in=[handle, other])
    for claim in proven.order_by("-verified_at").select_for_update()[1:]:
        end_claim(claim, Claim.End.LOST)
        lost = HandleLost(handle_id=handle.pk, platform=handle.platform, member_id=claim.member_id)
        events.record(lost, subject=claim, topics=[f"member:{claim.member_id}"])
    Claim.objects.filter(handle=other).update(handle=handle)
    days = handle.snapshots.values("day")
    other.snapshots.exclude(day__in=days).update(handle=handle)
    other.delete()
