"""Rows for tests, each valid as it comes; what matters to a test is said in the test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from codetrack.accounts.models import Institute, Membership, User
from codetrack.core import clock, search
from codetrack.core.models import Entry

PASSWORD = "correct horse battery"


class MemberFactory(DjangoModelFactory[User]):
    """Somebody with a confirmed address who signs in with PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"member{n}")
    email = factory.LazyAttribute(lambda row: f"{row.username}@example.org")
    name = factory.LazyAttribute(lambda row: row.username.title())
    password = factory.LazyFunction(lambda: make_password(PASSWORD))

    @factory.post_generation  # type: ignore[untyped-decorator]
    def confirmed(obj: User, create: bool, extracted: bool | None, **kwargs: Any) -> None:  # noqa: N805
        if not create:
            return
        EmailAddress.objects.create(
            user=obj, email=obj.email, primary=True, verified=extracted is not False
        )
        obj.put_in_search()


def put_members(built: Sequence[User]) -> None:
    """Create these as their factory does each, in three statements."""
    User.objects.bulk_create(built)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=member, email=member.email, primary=True, verified=True)
        for member in built
    )
    Entry.objects.bulk_create(
        Entry(kind="member", ref=it.pk, title=search.fold(f"{it.name} {it.username}"))
        for it in built
    )


class InstituteFactory(DjangoModelFactory[Institute]):
    class Meta:
        model = Institute

    name = factory.Sequence(lambda n: f"Institute {n}")
    slug = factory.Sequence(lambda n: f"institute-{n}")


class MembershipFactory(DjangoModelFactory[Membership]):
    """A current membership."""

    class Meta:
        model = Membership

    member = factory.SubFactory(MemberFactory)
    institute = factory.SubFactory(InstituteFactory)
    state = Membership.State.CURRENT
    way = Membership.Way.LINK
    joined_at = factory.LazyFunction(clock.now)
