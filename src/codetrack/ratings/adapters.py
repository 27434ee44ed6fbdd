"""The platforms as this club has set them: which are on, and where they are. Asks none of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from codetrack.core.errors import Problem
from codetrack.platforms.base import Invalid, Platform, ProofProblem
from codetrack.platforms.registry import all_platforms

type Adapter = type[Platform]
COMPILE_ERROR = "compile_error"


@dataclass(frozen=True, kw_only=True)
class Way:
    """How an account can be proven: a one-time code in one of its texts, or a compile error.

    `url` is the page of the platform's settings, on the platform that this club really asks.
    """

    key: str
    title: str
    where: str
    url: str = ""

    @property
    def is_compile_error(self) -> bool:
        return self.key == COMPILE_ERROR


def is_enabled(key: str) -> bool:
    return bool(settings.PLATFORMS.get(key, {}).get("enabled"))


def enabled() -> list[Adapter]:
    """Every platform that is switched on, in the order of their keys."""
    return [found for key, found in all_platforms().items() if is_enabled(key)]


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


def ways(platform: Adapter) -> list[Way]:
    """How an account of this platform can be proven, the usual way first."""
    base = base_url(platform.key)
    texts = [
        Way(
            key=method.key,
            title=method.title,
            where=method.where,
            url=method.settings_url.replace(platform.home_url, base, 1),
        )
        for method in platform.proofs
    ]
    if not platform.proof_problems:
        return texts
    where = _("Send a program that does not compile to the problem that we name, in C++ or Java")
    return [*texts, Way(key=COMPILE_ERROR, title=_("A compile error"), where=where)]


def way(platform: Adapter, key: str) -> Way:
    """Raises `Problem` for a way that the platform does not have."""
    found = next((one for one in ways(platform) if one.key == key), None)
    if found is None:
        raise Problem(
            _("There is no such way to prove this handle."), code="unknown_method", field="method"
        )
    return found


def proof_problem(platform: Adapter, key: str) -> ProofProblem | None:
    return next((one for one in platform.proof_problems if one.key == key), None)


def problem_url(platform: Adapter, problem: ProofProblem) -> str:
    return base_url(platform.key) + problem.path
