"""Mails go the real way, into the outbox table; a mail server is said to be there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from codetrack.accounts.models import User


@pytest.fixture(autouse=True)
def post(settings: Settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "codetrack.core.mail.QueuedBackend"}}
    settings.MAIL_URL = "smtp://127.0.0.1:9"


@pytest.fixture
def browser() -> Callable[[User], Client]:
    """A browser in which this member is signed in."""

    def signed_in(member: User) -> Client:
        client = Client()
        client.force_login(member)
        return client

    return signed_in
