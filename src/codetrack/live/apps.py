"""Registers live."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "codetrack.live"
    label = "live"
