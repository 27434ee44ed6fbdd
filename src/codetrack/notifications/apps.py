"""Registers notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "codetrack.notifications"
    label = "notifications"

    def ready(self) -> None:
        from codetrack.notifications import consumers

        consumers.register()  # core has let every app register its kinds by now
