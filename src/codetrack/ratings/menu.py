"""Where handles are found in the navigation."""

from django.utils.translation import gettext_lazy as _

from codetrack.web import menu

menu.register(
    menu.Item(place=menu.SETTINGS, label=_("Handles"), url="ratings:handles", icon="link", order=20)
)
