"""The handles of the demo club, and what was read of them: by the services that the jobs call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import batched, count

from codetrack.accounts.models import User
from codetrack.core import clock
from codetrack.demo import codechef, codeforces, leetcode
from codetrack.demo.names import plain
from codetrack.demo.people import Account
from codetrack.demo.world import World
from codetrack.platforms.base import Attempt, NotFound, Platform, Profile, Transient
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Handle

#: The real adapter over a world, without HTTP.
ADAPTERS: Mapping[str, Callable[[World, str | None], Platform]] = {
    codeforces.KEY: codeforces.adapter,
    leetcode.KEY: leetcode.adapter,
    codechef.KEY: codechef.adapter,
}
PORTION = 40  # accounts that were read together, so that not all numbers are of one age
PACE = timedelta(minutes=25)  # from one portion to the next
UNLINKED, UNPROVEN = 14, 9  # of so many people one has not linked, or not proven, the handle
COMPILED = 4  # of so many one has proven it by a compile error
NEWEST_ONLY = codechef.KEY  # pages of submissions are dear to read: the first one has to do
AT_ONCE = 5  # of so many people one has all attempts read now; the jobs go on with the others
RENAMED, LOST, MISSPELT = codeforces.KEY, leetcode.KEY, codechef.KEY  # where that happened to one
OUTAGE = timedelta(hours=9)  # so long it has not been reached


class Links:
    """The handles of one platform."""

    def __init__(self, world: World, base_url: str) -> None:
        self.world, self.key = world, world.flavour.key
        self.site = ADAPTERS[self.key](world, base_url)
        self.now = clock.now()
        self.handles: dict[Account, Handle] = {}

    def add(self, members: Mapping[Account, User]) -> None:
        """Those of most people, most of them proven."""
        people = [person for person in members if self._mostly(person, UNLINKED)]
        rows = Handle.objects.bulk_create(self._handle(person.handle) for person in people)
        self.handles = dict(zip(people, rows, strict=True))
        Claim.objects.bulk_create(
            self._claim(person, row, members[person]) for person, row in self.handles.items()
        )

    def read(self) -> None:
        """What the jobs would read over hours, at once: some of it lately, some a while ago."""
        services.apply_contests(platform=self.key, read=self.site.contests())
        services.apply_problems(platform=self.key, read=self.site.problems())
        people = [*self.handles]
        if self.key == RENAMED:
            self._rename(people[-1])
        if self.key == LOST:
            self._lose(people.pop())
        for age, portion in enumerate(batched(people, PORTION)):
            self._read(portion, self.now - age * PACE)

    def misspell(self, member: User) -> None:
        """One that the platform does not know."""
        row = self._handle(f"{plain(member.username)}_oops")
        row.save()
        Claim.objects.create(handle=row, platform=self.key, member=member, created_at=self.now)
        unknown = NotFound(f"{self.site.name} knows nobody called {row.shown}.")
        services.apply_profiles(found={row.pk: unknown}, at=self.now - PACE)

    def _mostly(self, person: Account, share: int) -> bool:
        """Not of every so many; always of those who were not made up with the world."""
        number = person.number + len(self.key)
        return person.number >= self.world.size or number % share != share - 1

    def _handle(self, shown: str) -> Handle:
        return Handle(platform=self.key, canonical=shown.lower(), shown=shown, state_at=self.now)

    def _claim(self, person: Account, handle: Handle, member: User) -> Claim:
        proven = self._mostly(person, UNPROVEN)
        compiled = person.number % COMPILED == 1
        method = "compile_error" if compiled else self.site.proofs[0].key
        return Claim(
            handle=handle,
            platform=self.key,
            member=member,
            created_at=self.now,
            verified_at=self.now if proven else None,
            method=method if proven else "",
        )

    def _read(self, people: Sequence[Account], at: datetime) -> None:
        rows = {self.handles[person].shown: self.handles[person].pk for person in people}
        found = {
            rows[name]: answer
            for some in batched(rows, self.site.batch)
            for name, answer in self.site.profiles(some).items()
        }
        services.apply_profiles(found=found, at=at)
        profiles = [answer for answer in found.values() if isinstance(answer, Profile)]
        site = self.site
        if all(profile.history is None for profile in profiles):
            read = {pk: site.history(name) for name, pk in rows.items()}
            services.apply_history(read=read, at=at)
        if site.calendar_zone and all(profile.activity is None for profile in profiles):
            told = {pk: site.activity(name) for name, pk in rows.items()}
            services.apply_activity(read=told, at=at)
        services.apply_attempts(read=dict(self._attempts(people)), at=at)

    def _attempts(self, people: Sequence[Account]) -> Iterator[tuple[int, list[Attempt]]]:
        for person in people:
            handle, made_up = self.handles[person], person.number < self.world.size
            if self.key == NEWEST_ONLY and made_up:
                yield handle.pk, self.site.recent(handle.shown)
            elif not made_up or self.site.counts_solved or person.number % AT_ONCE == 0:
                yield handle.pk, self.site.attempts(handle.shown)

    def _rename(self, person: Account) -> None:
        """It was read by the name of two days ago."""
        self._read([person], self.now - timedelta(days=2))
        first = plain(person.person.first).lower()
        names = (f"{first}_the_{number}th" for number in count(4))
        new = next(name for name in names if name not in self.world.accounts)
        self.world.rename(person.handle, new)

    def _lose(self, person: Account) -> None:
        """It was read, and then the platform did not answer any more."""
        self._read([person], self.now - OUTAGE)
        handle, at = self.handles[person], self.now - OUTAGE + PACE
        down = Transient(f"{self.site.name} is not available at the moment (HTTP 503).")
        while at < self.now:
            services.apply_profiles(found={handle.pk: down}, at=at)
            handle.refresh_from_db()
            at = handle.next_sync_at or self.now
