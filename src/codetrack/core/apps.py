"""Registers core and lets every app register what it offers."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "codetrack.core"
    label = "core"

    def ready(self) -> None:
        from codetrack.core import checks, discover

        checks.register()
        discover.autodiscover()
