"""Mails go the real way, into the outbox table; a mail server is said to be there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from pytest_django import Settings

from codetrack.accounts.models import User


@pytest.fixture(autouse=True)
def post(settings: Settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "codetrack.core.mail.QueuedBackend"}}
    settings.MAIL_URL = "smtp://127.0.0.1:9"


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes every hash of a password, made or compared: this is what takes time."""
    made: list[str] = []
    encode = Argon2PasswordHasher.encode
    verify = Argon2PasswordHasher.verify

    def noted_encode(self: Argon2PasswordHasher, password: str, salt: str) -> str:
        made.append("encode")
        return encode(self, password, salt)

    def noted_verify(self: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        made.append("verify")
        return verify(self, password, encoded)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", noted_encode)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", noted_verify)
    return made


@pytest.fixture
def browser() -> Callable[[User], Client]:
    """A browser in which this member is signed in."""

    def signed_in(member: User) -> Client:
        client = Client()
        client.force_login(member)
        return client

    return signed_in
