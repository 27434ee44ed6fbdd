"""The pages of the pretend world, which act on the one that this process serves."""

from django.http import Http404
from django.utils.translation import gettext as _

from codetrack.demo.people import Account
from codetrack.demo.platform import PretendPlatform
from codetrack.demo.servers import Pretend, current
from codetrack.demo.world import NoSuchAccount
from codetrack.platforms.base import Platform, Tier
from codetrack.platforms.registry import all_platforms


def pretend() -> Pretend:
    """The world of this process; without one these pages have nothing to show."""
    world = current()
    if world is None:
        raise Http404(_("No pretend world runs in this process. Start CodeTrack by make demo."))
    return world


def platform_or_404(key: str) -> PretendPlatform:
    found = pretend().platforms.get(key)
    if found is None:
        raise Http404(_("No such platform in the pretend world."))
    return found


def account_or_404(platform: PretendPlatform, handle: str) -> Account:
    try:
        return platform.world.find(handle)
    except NoSuchAccount as error:
        raise Http404(_("Nobody in the pretend world has this handle.")) from error


def adapter(platform: PretendPlatform) -> type[Platform]:
    """The real one, for its words and rules."""
    return all_platforms()[platform.key]


def tier(platform: PretendPlatform, account: Account) -> Tier | None:
    return adapter(platform).tier(account.rating)
