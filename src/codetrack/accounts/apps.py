"""Registers accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "codetrack.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.core.internal import ratelimit

        # A class that signs up at once queues for the count of its one address. Who waited in vain
        # is told of "too many tries", and by default that is after a second.
        ratelimit.CACHE_LOCK_WAIT_TIMEOUT = 20
