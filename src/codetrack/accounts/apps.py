"""Registers accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "codetrack.accounts"
    label = "accounts"
