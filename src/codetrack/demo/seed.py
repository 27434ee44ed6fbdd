"""Writes the demo club: one institute whose members are the people of the pretend world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import batched

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from codetrack.accounts import services as accounts
from codetrack.accounts.models import Institute, Membership, User
from codetrack.core import clock
from codetrack.demo.codeforces import KEY, adapter
from codetrack.demo.names import plain
from codetrack.demo.world import Account, NoSuchAccount, World
from codetrack.ratings import services as ratings
from codetrack.ratings.models import Claim, Handle

CLUB = "Harbour Coding Club"
DOMAIN = "harbour.example"
PASSWORD = "pretend-world"  # noqa: S105 - printed on the screen, for invented people only
ADMIN, ADMIN_NAME = "ada", "Ada Marinho"
#: What the first page after signing in shows is full.
ADMIN_HANDLE = "ada_marinho"
#: A member who has linked nothing yet: the one to try it with.
NEWCOMER = "alice"
WAITING = (("milo", "Milo Anders"), ("priya", "Priya Raman"))
PORTION = 40  # accounts that were read together, so that not all numbers are of one age
UNLINKED, UNPROVEN = 14, 9  # of so many people one has not linked, or not proven, the handle


@transaction.atomic
def seed(world: World, base_url: str) -> bool:
    """Make the club, unless this database has one; says whether it did.

    `base_url` is that of the pretend Codeforces. All accounts have the password `PASSWORD`.
    """
    token = accounts.setup_token()
    if token is None:
        return False
    admin = accounts.found_club(
        token=token,
        institute_name=CLUB,
        email=f"{ADMIN}@{DOMAIN}",
        username=ADMIN,
        password=PASSWORD,
    )
    accounts.update_profile(
        member=admin, name=ADMIN_NAME, username=ADMIN, about="", time_zone="Europe/Lisbon"
    )
    institute = Institute.objects.get()
    accounts.add_domain(institute=institute, domain=DOMAIN, by=admin)
    people = world.everybody()[: world.size]
    members = _members(people)
    _join(institute, members[: len(people) + 1], Membership.State.CURRENT)
    _join(institute, members[len(people) + 1 :], Membership.State.REQUESTED)
    pairs = zip(people, members, strict=False)
    handles = _link({_account_of_admin(world): admin, **dict(pairs)})
    _read(world, base_url, handles)
    return True


def _account_of_admin(world: World) -> Account:
    """A world that is older than the database has it already."""
    try:
        return world.find(ADMIN_HANDLE)
    except NoSuchAccount:
        return world.add(ADMIN_HANDLE, *ADMIN_NAME.split(), seasoned=True)


def _members(people: Sequence[Account]) -> list[User]:
    """A confirmed account for everybody in the world, the newcomer, and those who wait."""
    password = make_password(PASSWORD)
    others = [(NEWCOMER, "Alice Newby"), *WAITING]
    rows = [
        User(username=name, name=person.name, time_zone=person.place.zone)
        for person, name in zip(people, _usernames(people), strict=True)
    ]
    rows += [User(username=name, name=full) for name, full in others]
    for row in rows:
        row.email, row.password = f"{row.username}@{DOMAIN}", password
    for row, person in zip(rows, people, strict=False):
        row.date_joined = _moment(person.registered)
    members: list[User] = User.objects.bulk_create(rows)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=member, email=member.email, verified=True, primary=True)
        for member in members
    )
    for member in members:
        member.put_in_search()
    return members


def _usernames(people: Sequence[Account]) -> Iterator[str]:
    taken = {ADMIN, NEWCOMER, *(name for name, _ in WAITING)}
    for person in people:
        name = plain(f"{person.person.first}.{person.person.last}").lower()
        name = name if name not in taken else f"{name}{person.number}"
        taken.add(name)
        yield name


def _join(institute: Institute, members: Sequence[User], state: Membership.State) -> None:
    current = state == Membership.State.CURRENT
    Membership.objects.bulk_create(
        Membership(
            member=member,
            institute=institute,
            state=state,
            way=Membership.Way.LINK if current else Membership.Way.REQUEST,
            created_at=member.date_joined,
            joined_at=member.date_joined if current else None,
        )
        for member in members
    )


def _link(members: Mapping[Account, User]) -> dict[int, Handle]:
    """The handles of most people, most of them proven, by primary key."""
    linked = [person for person in members if person.number % UNLINKED != UNLINKED - 1]
    now = clock.now()
    handles = Handle.objects.bulk_create(
        Handle(platform=KEY, canonical=one.handle.lower(), shown=one.handle, state_at=now)
        for one in linked
    )
    Claim.objects.bulk_create(
        Claim(
            handle=handle,
            platform=KEY,
            member=members[person],
            created_at=now,
            verified_at=None if person.number % UNPROVEN == UNPROVEN - 1 else now,
            method="" if person.number % UNPROVEN == UNPROVEN - 1 else "organization",
        )
        for person, handle in zip(linked, handles, strict=True)
    )
    return {handle.pk: handle for handle in handles}


def _read(world: World, base_url: str, handles: Mapping[int, Handle]) -> None:
    """What the jobs would read over hours, at once: some of it lately, some a while ago."""
    site, now = adapter(world, base_url), clock.now()
    ratings.apply_contests(platform=KEY, read=site.contests())
    for age, portion in enumerate(batched(handles.values(), PORTION)):
        at = now - age * timedelta(minutes=25)
        found = site.profiles([handle.shown for handle in portion])
        ratings.apply_profiles(found={row.pk: found[row.shown] for row in portion}, at=at)
        ratings.apply_history(read={row.pk: site.history(row.shown) for row in portion}, at=at)
        ratings.apply_attempts(read={row.pk: site.attempts(row.shown) for row in portion}, at=at)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
