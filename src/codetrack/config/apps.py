"""Registers what belongs to the house as a whole: the checks of the settings and two commands."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "codetrack.config"
    label = "config"

    def ready(self) -> None:
        from codetrack.config import checks, logs

        checks.register()
        logs.use_structlog()
