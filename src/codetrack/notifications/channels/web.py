"""The inbox: the row of the notice is the message, so that nothing is left to deliver."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from codetrack.core import notices
from codetrack.notifications.channels import Channel
from codetrack.notifications.models import Delivery, Notice


class Web(Channel):
    key = "web"
    label = _("Inbox")
    ways = (notices.NOW, notices.OFF)
    leaves = False

    def is_there(self) -> bool:
        return True

    def deliver(self, delivery: Delivery, told: Sequence[Notice]) -> None:
        """It is there already."""
