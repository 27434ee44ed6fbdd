"""Registers ratings."""

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    name = "codetrack.ratings"
    label = "ratings"
