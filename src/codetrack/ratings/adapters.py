"""The platforms as this club has set them: which are on, and where they are. Asks none of them."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from codetrack.core.errors import Problem
from codetrack.platforms.base import Invalid, Platform, ProofMethod
from codetrack.platforms.registry import all_platforms

type Adapter = type[Platform]


def enabled() -> list[Adapter]:
    """Every platform that is switched on, in the order of their keys."""
    return [found for key, found in all_platforms().items() if settings.PLATFORMS[key]["enabled"]]


def adapter(key: str) -> Adapter:
    """Raises `Problem` for a platform that there is not, or that is switched off."""
    found = next((one for one in enabled() if one.key == key), None)
    if found is None:
        raise Problem(_("This site does not follow that platform."), code="unknown_platform")
    return found


def base_url(key: str) -> str:
    return str(settings.PLATFORMS[key]["url"])


def parse_handle(platform: Adapter, text: str) -> str:
    """The handle in a bare name, an @name or a link to a profile. Raises `Problem`."""
    try:
        return platform.parse_handle(text, base_url(platform.key))
    except Invalid as error:
        raise Problem(error.message, code="invalid_handle", field="text") from error


def profile_url(key: str, handle: str) -> str:
    """Where people look at an account, on a platform that may be switched off by now."""
    found = all_platforms().get(key)
    return found.profile_url(handle, base_url(key)) if found else ""


def settings_url(platform: Adapter, method: ProofMethod) -> str:
    """Where the member edits that text, on the platform that this club really asks."""
    return method.settings_url.replace(platform.home_url, base_url(platform.key), 1)
