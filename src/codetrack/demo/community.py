"""How the people of the demo club know each other, what they let see, and how they stood lately."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from codetrack.accounts import services as accounts
from codetrack.accounts.models import Institute, OnBoards, SeenBy, User
from codetrack.core import clock
from codetrack.core.testing import hold_clock
from codetrack.ratings import queries, services
from codetrack.ratings.models import Claim
from codetrack.ratings.queries import Mark
from codetrack.ratings.queries.feed import contest_news, solved_news
from codetrack.standings.models import Period
from codetrack.standings.services import Change, Entry, put_all
from codetrack.standings.services.feed import note

BATCHES = ("2025", "2026", "2027", "2028")
#: Of so many people one, with the place among them.
ANONYMOUS, HIDDEN, PRIVATE = (25, 3), (50, 11), (60, 17)
SHOWN = 2  # of so many guests one is named to everybody on the site
JOINED = 40  # of so many on the boards one was on none last week
FRIENDS = 8  # whom the newcomer follows; the admin follows as many others
LIST = b"""E-mail,Name,Batch
noor.haddad@spring.example,Noor Haddad,2028
tomas.rivas@spring.example,Tomas Rivas,2028
alice@harbour.example,Alice Newby,2028
ines.duarte(at)spring.example,Ines Duarte,2028
"""


def batch_of(number: int) -> str:
    """The year of the person with this number."""
    return BATCHES[number % len(BATCHES)]


def acquaint(admin: User, newcomer: User, fellows: Sequence[User]) -> None:
    """The two who sign in follow some, and are followed."""
    step = max(1, len(fellows) // (2 * FRIENDS))
    ours, theirs = fellows[::step][:FRIENDS], fellows[step // 2 :: step][:FRIENDS]
    pairs = [(newcomer, one) for one in (admin, *ours)]
    pairs += [(admin, one) for one in theirs]
    pairs += [(one, newcomer) for one in ours[: FRIENDS // 2]]
    pairs += [(one, admin) for one in (*theirs[::2], *ours[::2], newcomer)]
    pairs += [(one, theirs[0]) for one in ours]
    for follower, followed in dict.fromkeys(pairs):
        if follower != followed:
            accounts.follow(follower=follower, followed=followed)


def withdraw(fellows: Sequence[User], guests: Sequence[User]) -> None:
    """Some fellows want to be seen less than others; some guests more."""
    for member in _some(fellows, ANONYMOUS):
        accounts.change_privacy(member=member, on_boards=OnBoards.ANONYMOUS)
    for member in _some(fellows, HIDDEN):
        accounts.change_privacy(member=member, on_boards=OnBoards.HIDDEN)
    for member in _some(fellows, PRIVATE):
        accounts.change_privacy(member=member, seen_by=SeenBy.NOBODY)
    for member in guests[::SHOWN]:
        accounts.change_privacy(member=member, seen_by=SeenBy.SITE)


def invite(institute: Institute, admin: User) -> None:
    """Two are asked by mail to join; the same list has a member, and a misspelt address."""
    row = accounts.read_roster(institute=institute, raw=LIST, title="autumn.csv", by=admin)
    accounts.invite_roster(row=row, by=admin)
    accounts.invite_next(roster_id=row.pk)


def stand() -> None:
    """Put everybody onto the boards as they were when this week began, and as they are now."""
    claims = Claim.objects.open().order_by("member")
    members = list(claims.values_list("member", flat=True).distinct())
    today = clock.today()
    monday = datetime.combine(Period.WEEK.start(today), time(), UTC)
    before = [member for place, member in enumerate(members) if place % JOINED != JOINED - 1]
    marks = queries.marks(before, today)
    with hold_clock(monday - timedelta(hours=1)):
        put_all(changes=[Change(kind=kind, entries=_begun(own)) for kind, own in marks.items()])
    services.refresh_standings(members=members)


def tell(handles: Collection[int]) -> None:
    """What those did lately who have these accounts."""
    for news in (contest_news(handles), solved_news(handles)):
        note(items=news.items, within=news.scopes)


def _begun(marks: Mapping[int, Mark]) -> dict[int, Entry]:
    """What they had when the week began."""
    return {
        member: Entry(value=mark.value - mark.gains[Period.WEEK], proven=mark.proven)
        for member, mark in marks.items()
    }


def _some(members: Sequence[User], share: tuple[int, int]) -> Sequence[User]:
    of, place = share
    return members[place::of]
