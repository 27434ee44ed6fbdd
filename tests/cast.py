"""The people of every story: who they are says what they may do.

alice is a member, bob of the same institute; erin writes challenges there, dana develops, ada runs
the site and the institute; charlie has an account and belongs nowhere: an outsider to everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from codetrack.accounts.models import Institute, Membership, User
from tests.factories import InstituteFactory, MemberFactory, MembershipFactory, put_members


@dataclass(frozen=True)
class Cast:
    alice: User
    bob: User
    erin: User
    dana: User
    ada: User
    charlie: User
    institute: Institute

    def membership(self, member: User) -> Membership:
        """Their current membership, freshly read."""
        return Membership.objects.current().select_related("institute").get(member=member)


def make_cast() -> Cast:
    """Put them into the database, a table at a time: most tests begin with this."""
    institute = InstituteFactory(name="Hill College", slug="hill")
    ada = _built("ada", "Ada Admin", is_staff=True, is_superuser=True)
    alice = _built("alice", "Alice Member")
    bob = _built("bob", "Bob Fellow")
    erin = _built("erin", "Erin Author", is_author=True)
    dana = _built("dana", "Dana Developer", is_developer=True)
    charlie = _built("charlie", "Charlie Outsider")
    put_members([ada, alice, bob, erin, dana, charlie])
    memberships = [
        MembershipFactory.build(member=member, institute=institute)
        for member in (alice, bob, erin, dana)
    ]
    founder = MembershipFactory.build(
        member=ada, institute=institute, is_admin=True, way=Membership.Way.FOUNDER
    )
    Membership.objects.bulk_create([*memberships, founder])
    return Cast(alice, bob, erin, dana, ada, charlie, institute)


def _built(username: str, name: str, **more: Any) -> User:
    member: User = MemberFactory.build(username=username, name=name, **more)
    return member
