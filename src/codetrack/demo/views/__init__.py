"""The pages of the pretend world, which act on the one that this process serves."""

from django.http import Http404
from django.utils.translation import gettext as _

from codetrack.demo.servers import Pretend, current


def pretend() -> Pretend:
    """The world of this process; without one these pages have nothing to show."""
    world = current()
    if world is None:
        raise Http404(_("No pretend world runs in this process. Start CodeTrack by make demo."))
    return world
