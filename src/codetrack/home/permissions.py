"""Who may see what these pages put together. Members are private: seen by their institute alone."""

from __future__ import annotations

from django.conf import settings

from codetrack.accounts.models import Institute


def shown_to_everybody() -> Institute | None:
    """The institute whose best ratings stand on the landing page, if the site shows one.

    Nobody is public by default: the admin names the institute in CODETRACK_PUBLIC_INSTITUTE.
    """
    slug = settings.PUBLIC_INSTITUTE
    return Institute.objects.filter(slug=slug).first() if slug else None
