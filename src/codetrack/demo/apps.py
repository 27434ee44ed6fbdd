"""The pages of the pretend world. Installed only when CODETRACK_DEMO is set."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "codetrack.demo"
    label = "demo"
