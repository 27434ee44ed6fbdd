"""Registers the frame for HTML."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "codetrack.web"
    label = "web"
