"""Programs that call the API, each with a token of its member."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from codetrack.accounts import services
from codetrack.accounts.models import User


@pytest.fixture
def program() -> Callable[..., Client]:
    """A client that sends a token of this member with every call."""

    def with_token(member: User, *, may_write: bool = False) -> Client:
        _token, secret = services.create_token(owner=member, name="test", may_write=may_write)
        return Client(headers={"authorization": f"Bearer {secret}"})

    return with_token
