"""The way into the pretend world, for everybody."""

from django.utils.translation import gettext_lazy as _

from codetrack.web import menu

menu.register(
    menu.Item(
        place=menu.NAV,
        label=_("Pretend world"),
        url="demo:index",
        within=("/demo/",),
        icon="globe",
        order=90,
        visible=menu.everyone,
    )
)
