"""Registers the frame for HTML."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from codetrack.web import menu


class WebConfig(AppConfig):
    name = "codetrack.web"
    label = "web"

    def ready(self) -> None:
        menu.register(
            menu.Item(
                place=menu.SETTINGS,
                label=_("Appearance"),
                url="web:appearance",
                icon="sliders",
                order=40,
                visible=menu.everyone,
            )
        )
