"""The member behind a request, typed."""

from __future__ import annotations

from django.http import HttpRequest

from codetrack.accounts.models import User


def caller(request: HttpRequest) -> User:
    """Who is signed in, for views and calls that only members reach."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("This view has to be behind login_required or the API's auth.")
    return user
