"""What ratings does after its own events: the mail about a handle that another member proved."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from codetrack.core import mail
from codetrack.core.events import consumer
from codetrack.core.models import Event
from codetrack.ratings.events import HandleLost
from codetrack.ratings.models import Claim
from codetrack.ratings.queries import Reading


@consumer(HandleLost.tag, name="ratings:tell-lost")
def tell_old_owner(events: Sequence[Event]) -> None:
    """Not who it was: only that it happened, and what to do about it."""
    ended = [event.subject_id for event in events if event.subject_id]
    claims = Claim.objects.filter(pk__in=ended).select_related("member", "handle")
    for claim in claims.order_by("pk"):
        url = settings.CODETRACK_URL + reverse("ratings:handles")
        mail.send(
            to=[claim.member.email],
            template="ratings/mail/handle_lost",
            context={
                "handle": claim.handle.shown,
                "platform": Reading(claim).platform_name,
                "url": url,
            },
        )
