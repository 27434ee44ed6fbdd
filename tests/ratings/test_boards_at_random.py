"""Whatever happens to accounts, in whatever order: every board equals a count by hand."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core import testing
from codetrack.core.testing import HeldClock
from codetrack.platforms.base import Contest as Held
from codetrack.platforms.base import NotFound, Phase, Problem, Profile, RatingChange, Verdict
from codetrack.platforms.registry import all_platforms
from codetrack.ratings import services, tasks
from codetrack.ratings.models import Claim, Handle
from codetrack.ratings.models import RatingChange as Stored
from tests.factories import MemberFactory
from tests.ratings.conftest import NOON
from tests.ratings.deeds import attempt, solve
from tests.ratings.slow_boards import slow_boards, stored_boards

DAY = timedelta(days=1)
STEPS, MEMBERS = 25, 5
#: One life always, the others in `make soak`.
SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 14))]


class Life:
    """Members who link, prove, play, solve, and lose accounts to each other."""

    def __init__(self, seed: int, clock: HeldClock) -> None:
        self.chance = random.Random(seed)
        self.clock = clock
        self.members: list[User] = [MemberFactory() for _ in range(MEMBERS)]
        self.deeds = [
            self.link,
            self.prove,
            self.unlink,
            *[self.read] * 4,
            *[self.play] * 4,
            self.recalculate,
            *[self.solve] * 4,
            self.refuse,
            self.vanish,
            self.wait,
            self.catalogue,
        ]

    def live(self) -> None:
        self.chance.choice(self.deeds)()
        self.clock.forward(minutes=self.chance.randint(11, 300))
        if self.clock.at.date() > self.today:
            tasks.refresh_boards.call()
        testing.run_jobs(["default"])

    def run(self) -> None:
        services.apply_contests(platform="codeforces", read=[_round("900"), _round("901")])
        for deed in [self.link] * 12 + [self.read] * 12 + [self.solve] * 6:
            deed()  # a club that is under way
        for _ in range(STEPS):
            self.today = self.clock.at.date()
            self.live()
            assert stored_boards() == slow_boards(self.members)

    # --- whose it is

    def link(self) -> None:
        platform = self.chance.choice(["codeforces", "leetcode"])
        member = self.chance.choice(self.members)
        if not member.claims.open().filter(platform=platform).exists():
            name = f"somebody{self.chance.randint(1, 6)}"
            services.link_handle(member=member, platform=platform, text=name)

    def prove(self) -> None:
        for claim in self._claims(verified_at=None)[:1]:
            prove_claim(claim)

    def unlink(self) -> None:
        for claim in self._claims()[:1]:
            services.unlink_handle(claim=claim, by=claim.member)

    # --- what is read

    def read(self) -> None:
        for handle in self._handles()[:1]:
            told = {"rating": self.chance.choice([None, *range(800, 2800, 37)])}
            if handle.platform == "leetcode":
                easy, hard = self.chance.randint(0, 60), self.chance.randint(0, 20)
                told |= {"solved": easy + hard + self.chance.randint(0, 2)}
                told |= {"solved_by": {"easy": easy, "hard": hard}}
            profile = Profile(handle=handle.shown, **told)
            services.apply_profiles(found={handle.pk: profile}, at=house.now())

    def play(self) -> None:
        for handle in self._handles(fresh_at__isnull=False)[:1]:
            rows = _listed(handle)
            last = rows[-1].at if rows else NOON - 120 * DAY
            between = (self.clock.at - last) / self.chance.choice([1, 2, 40])
            number = int(rows[-1].contest_key) + 1 if rows else 1
            rows.append(_change(number, last + between, self.chance.randint(900, 2600)))
            services.apply_history(read={handle.pk: rows}, at=house.now())

    def recalculate(self) -> None:
        """One contest is corrected, or withdrawn."""
        for handle in self._handles(rating_changes__isnull=False)[:1]:
            rows = _listed(handle)
            place = self.chance.randrange(len(rows))
            if self.chance.random() < 0.4 and len(rows) > 1:
                del rows[place]
            else:
                number, at = int(rows[place].contest_key), rows[place].at
                rows[place] = _change(number, at, self.chance.randint(900, 2600))
            services.apply_history(read={handle.pk: rows}, at=house.now())

    def solve(self) -> None:
        for handle in self._handles(fresh_at__isnull=False, platform="codeforces")[:1]:
            some = self.chance.sample(range(1, 40), 6)
            keys = [*(f"{number}-A" for number in some), "900-C", "901-A"]
            ages = [timedelta(hours=self.chance.randint(0, 24 * 45)) for _ in keys]
            since = self.clock.at - NOON
            told = [
                attempt(key, age - since, difficulty=self.chance.choice([None, 900]))
                for key, age in zip(keys, ages, strict=True)
            ]
            solve(handle, *self.chance.sample(told, self.chance.randint(1, len(told))))

    def refuse(self) -> None:
        """What was accepted is refused after all."""
        for handle in self._handles(solves__isnull=False)[:1]:
            row = self.chance.choice(list(handle.solves.select_related("problem")))
            no = attempt(row.problem.key, NOON - row.at, verdict=Verdict.WRONG_ANSWER)
            solve(handle, no)

    def vanish(self) -> None:
        for handle in self._handles()[:1]:
            error = NotFound("no such account")
            services.apply_profiles(found={handle.pk: error}, at=house.now())

    def catalogue(self) -> None:
        """Difficulties become known, and problems of two rounds held together are found."""
        keys = [f"{number}-A" for number in range(1, 40)]
        rated = [self.chance.choice([None, 900, 1500, 2300]) for _ in keys]
        told = [_problem(key, key, hard) for key, hard in zip(keys, rated, strict=True)]
        told.append(_problem("900-C", "Task common", 1500))
        told.append(_problem("901-A", "Task common", 1500))
        services.apply_problems(platform="codeforces", read=told)

    def wait(self) -> None:
        self.clock.forward(days=self.chance.randint(1, 12))

    # --- somebody

    def _claims(self, **which: object) -> list[Claim]:
        rows = Claim.objects.open().filter(**which).select_related("handle", "member")
        return self._shuffled(list(rows.order_by("pk")))

    def _handles(self, **which: object) -> list[Handle]:
        return self._shuffled(list(Handle.objects.filter(**which).order_by("pk").distinct()))

    def _shuffled[T](self, rows: list[T]) -> list[T]:
        self.chance.shuffle(rows)
        return rows


def prove_claim(claim: Claim) -> None:
    method = all_platforms()[claim.platform].proofs[0].key
    proof = services.start_proof(claim=claim, method=method, by=claim.member)
    found = Profile(handle=claim.handle.shown, texts={method: services.token_of(proof)})
    services.settle_proof(proof=proof, found=found, at=house.now())


def _listed(handle: Handle) -> list[RatingChange]:
    rows = Stored.objects.filter(handle=handle).select_related("contest").order_by("at", "pk")
    return [_change(int(row.contest.key), row.at, row.new) for row in rows]


def _change(number: int, at: datetime, new: int) -> RatingChange:
    key, name = str(number), f"Round {number}"
    return RatingChange(
        handle="", contest_key=key, contest_name=name, rank=9, old=None, new=new, at=at
    )


def _round(key: str) -> Held:
    start = NOON - timedelta(days=200 if key in ("900", "901") else 100)
    length = timedelta(hours=2)
    return Held(key=key, name=key, url="", starts_at=start, duration=length, phase=Phase.FINISHED)


def _problem(key: str, title: str, difficulty: int | None) -> Problem:
    contest = key.split("-", maxsplit=1)[0]
    return Problem(
        key=key, title=title, url="", difficulty=difficulty, index="A", contest_key=contest
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_every_board_equals_a_count_by_hand(db: None, clock: HeldClock, seed: int) -> None:
    Life(seed, clock).run()
