"""Registers home."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "codetrack.home"
    label = "home"
