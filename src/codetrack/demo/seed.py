"""Writes the demo club: most people of the pretend world are its members, some its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from codetrack.accounts import services as accounts
from codetrack.accounts.models import Institute, Membership, SeenBy, User
from codetrack.core import clock
from codetrack.demo import community, news
from codetrack.demo.links import MISSPELT, Links
from codetrack.demo.names import plain
from codetrack.demo.people import Account, Person
from codetrack.demo.servers import Pretend
from codetrack.demo.world import NoSuchAccount, World
from codetrack.ratings import services as ratings
from codetrack.ratings.models import Handle

CLUB = "Harbour Coding Club"
NEIGHBOURS = "Northgate Polytechnic"
DOMAIN, ELSEWHERE = "harbour.example", "northgate.example"
PASSWORD = "pretend-world"  # noqa: S105 - printed on the screen, for invented people only
ADMIN, ADMIN_NAME, HOME = "ada", "Ada Marinho", "PT"
#: What the first page after signing in shows is full.
ADMIN_HANDLE = "ada_marinho"
#: A member who has linked nothing yet: the one to try it with.
NEWCOMER = "alice"
WAITING = (("milo", "Milo Anders"), ("priya", "Priya Raman"))
GUESTS = 8  # of so many people one belongs to the neighbours
RESTED = 3  # of so many people one has not played this week


@transaction.atomic
def seed(pretend: Pretend, url: Callable[[str], str]) -> bool:
    """Make the club, unless this database has one; says whether it did.

    `url` is the base URL of a pretend platform. All accounts have the password `PASSWORD`.
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
        member=admin,
        name=ADMIN_NAME,
        username=ADMIN,
        about="",
        time_zone="Europe/Lisbon",
        country=HOME,
    )
    club = Institute.objects.get()
    accounts.add_domain(institute=club, domain=DOMAIN, by=admin)
    people = pretend.world.people()
    members = _members(people)
    ours = members[: len(people)]
    newcomer, *waiting = members[len(people) :]
    fellows = [member for number, member in enumerate(ours) if not _is_guest(number)]
    guests = [member for number, member in enumerate(ours) if _is_guest(number)]
    _join(club, [*fellows, newcomer], Membership.State.CURRENT)
    _join(club, waiting, Membership.State.REQUESTED)
    elsewhere = accounts.found_institute(name=NEIGHBOURS, by=admin)
    _join(elsewhere, guests, Membership.State.CURRENT, led=True)
    for key, platform in pretend.platforms.items():
        _link(platform.world, url(key), ours, admin)
    ratings.plan_reading(at=clock.now())
    news.tell()
    community.acquaint(admin, newcomer, fellows)
    community.withdraw(fellows, guests)
    community.invite(club, admin)
    community.stand()
    community.tell(Handle.objects.values_list("pk", flat=True))
    return True


def _is_guest(number: int) -> bool:
    return number % GUESTS == GUESTS - 1


def _link(world: World, base_url: str, members: Sequence[User], admin: User) -> None:
    """What members have on one platform; their place is the number of the person."""
    accounts = {one.number: one for one in world.everybody() if one.number < len(members)}
    ours = {account: members[number] for number, account in accounts.items()}
    everybody = {_account_of_admin(world): admin, **ours}
    links = Links(world, base_url)
    links.add(everybody)
    links.read()
    if links.key == MISSPELT:
        links.misspell(next(one for number, one in enumerate(members) if number not in accounts))


def _account_of_admin(world: World) -> Account:
    """A world that is older than the database has it already; in a new one a round is just over."""
    try:
        return world.find(ADMIN_HANDLE)
    except NoSuchAccount:
        account = world.add(ADMIN_HANDLE, *ADMIN_NAME.split(), seasoned=True)
    played = [one for one in world.everybody() if one.results and one.number % RESTED]
    world.play([one.handle for one in played])
    return account


def _members(people: Sequence[Person]) -> list[User]:
    """A confirmed account for everybody in the world, the newcomer, and those who wait."""
    password = make_password(PASSWORD)
    others = [(NEWCOMER, "Alice Newby"), *WAITING]
    rows = [
        User(
            username=name,
            email=f"{name}@{ELSEWHERE if _is_guest(person.number) else DOMAIN}",
            name=f"{person.first} {person.last}",
            time_zone=person.place.zone,
            country=person.place.code,
            # The best of the club stand on the landing page, with a name if they want that.
            seen_by=SeenBy.INSTITUTE if _is_guest(person.number) else SeenBy.SITE,
        )
        for person, name in zip(people, _usernames(people), strict=True)
    ]
    rows += [
        User(username=name, email=f"{name}@{DOMAIN}", name=full, country=HOME)
        for name, full in others
    ]
    for row in rows:
        row.password = password
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


def _usernames(people: Sequence[Person]) -> Iterator[str]:
    taken = {ADMIN, NEWCOMER, *(name for name, _ in WAITING)}
    for person in people:
        name = plain(f"{person.first}.{person.last}").lower()
        name = name if name not in taken else f"{name}{person.number}"
        taken.add(name)
        yield name


def _join(
    institute: Institute, members: Sequence[User], state: Membership.State, *, led: bool = False
) -> None:
    """`led` by the first of them."""
    current = state == Membership.State.CURRENT
    Membership.objects.bulk_create(
        Membership(
            member=member,
            institute=institute,
            state=state,
            way=Membership.Way.LINK if current else Membership.Way.REQUEST,
            batch=community.batch_of(number) if current else "",
            is_admin=led and number == 0,
            created_at=member.date_joined,
            joined_at=member.date_joined if current else None,
        )
        for number, member in enumerate(members)
    )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
