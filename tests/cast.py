"""The people of every story: who they are says what they may do.

alice is a member, bob of the same institute; erin writes challenges there, dana develops, ada runs
the site and the institute; charlie has an account and belongs nowhere: an outsider to everything.
"""

from __future__ import annotations

from dataclasses import dataclass

from codetrack.accounts.models import Institute, Membership, User
from tests.factories import InstituteFactory, MemberFactory, MembershipFactory


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
    institute = InstituteFactory(name="Hill College", slug="hill")
    ada = MemberFactory(username="ada", name="Ada Admin", is_staff=True, is_superuser=True)
    alice = MemberFactory(username="alice", name="Alice Member")
    bob = MemberFactory(username="bob", name="Bob Fellow")
    erin = MemberFactory(username="erin", name="Erin Author", is_author=True)
    dana = MemberFactory(username="dana", name="Dana Developer", is_developer=True)
    charlie = MemberFactory(username="charlie", name="Charlie Outsider")
    for member in (alice, bob, erin, dana):
        MembershipFactory(member=member, institute=institute)
    founder = Membership.Way.FOUNDER
    MembershipFactory(member=ada, institute=institute, is_admin=True, way=founder)
    return Cast(alice, bob, erin, dana, ada, charlie, institute)
