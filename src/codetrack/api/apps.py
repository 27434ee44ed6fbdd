"""Registers api."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "codetrack.api"
    label = "api"
