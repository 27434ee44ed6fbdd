"""Who may see what these pages put together; who sees a member is said in accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from codetrack.accounts.models import Institute

if TYPE_CHECKING:
    from codetrack.accounts.models import Visitor


def shown_to_everybody() -> Institute | None:
    """The institute whose best ratings stand on the landing page, if the site shows one.

    Nobody is public by default: the admin names the institute in CODETRACK_PUBLIC_INSTITUTE.
    """
    slug = settings.PUBLIC_INSTITUTE
    return Institute.objects.filter(slug=slug).first() if slug else None


def may_look_after_judges(user: Visitor) -> bool:
    """What a machine can and cannot hold is for whoever runs the site."""
    return user.is_authenticated and user.is_superuser
