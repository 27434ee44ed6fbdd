"""Registers standings."""

from django.apps import AppConfig


class StandingsConfig(AppConfig):
    name = "codetrack.standings"
    label = "standings"
