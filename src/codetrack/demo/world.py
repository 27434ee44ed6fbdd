"""A pretend world of people who play contests, the same everywhere but for what is edited.

Only the edits are kept in the file; the rest is made again from the seed. No Django, no protocol.
There is one world a platform; `flavours` says how they differ.
"""

import json
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any

from . import history, people
from .flavours import CODEFORCES, FLAVOURS, Flavour
from .history import Career, Result, Round, Sent, Task
from .people import Account, Person, Registry

__all__ = ["Account", "NoSuchAccount", "OtherPeople", "Taken", "World"]

SIZE = 200
SEED = 2_718
MADE_AS = 2  # goes up when the same seed makes other people
SETTLED = 5 * history.DAY  # problems get their difficulty so long after the round


class NoSuchAccount(LookupError):
    """Nobody in the pretend world has this handle."""


class Taken(ValueError):
    """Somebody in the pretend world has this handle already, or had it."""


class OtherPeople(ValueError):
    """This file was written when the same seed made other people."""


class World:
    """All accounts, rounds and attempts of one platform. Safe to use from several threads."""

    def __init__(
        self,
        *,
        flavour: Flavour = CODEFORCES,
        size: int = SIZE,
        seed: int = SEED,
        path: Path | None = None,
        clock: Callable[[], float] = time.time,
        beside: "World | None" = None,
    ) -> None:
        """`beside` is that of Codeforces, whose people are in this one; not given, it is made."""
        self.flavour, self.path, self.clock = flavour, path, clock
        self._lock = threading.RLock()
        saved = _read(path)
        self.size: int = saved.get("size", beside.size if beside else size)
        self.seed: int = saved.get("seed", beside.seed if beside else seed)
        #: The end of the made-up past, in seconds since 1970. What comes after it are edits.
        self.made_at: int = beside.made_at if beside else _made_at(saved, clock)
        #: By every handle that leads to it.
        self.accounts: dict[str, Account] = {}
        self._by_number: list[Account] = []
        self._past: dict[int, list[Sent]] = {}
        self._edits: list[dict[str, Any]] = []
        self._make(beside)
        for edit in saved.get("edits", []):
            self._apply(edit)
        self._save()

    # --- reading

    def find(self, handle: str) -> Account:
        """In any case, by the handle of today; by an earlier one where the platform follows it.

        Raises `NoSuchAccount`.
        """
        with self._lock:
            account = self.accounts.get(handle.lower())
        if account is None:
            raise NoSuchAccount(handle)
        return account

    def everybody(self) -> list[Account]:
        with self._lock:
            return [account for account in self._by_number if not account.gone]

    def people(self) -> list[Person]:
        """Those of the made-up past, whatever became of them."""
        return [account.person for account in self._by_number if account.number < self.size]

    def results_of(self, round_id: int) -> list[tuple[Account, Result]]:
        """Of everybody in one round, the best first."""
        found = [
            (account, result)
            for account in self.everybody()
            for result in account.results
            if result.round.id == round_id
        ]
        return sorted(found, key=lambda pair: pair[1].rank)

    def attempts(self, account: Account) -> list[Sent]:
        """Everything an account has sent in, newest first."""
        with self._lock:
            if account.number not in self._past:
                self._past[account.number] = self._attempts_of_the_past(account)
            return [*reversed(account.added), *self._past[account.number]]

    def catalogue(self) -> list[Task]:
        """The problems of all rounds that have begun, newest first, each listed once."""
        now = self.clock()
        with self._lock:
            begun = [game for game in reversed(self.rounds) if game.start <= now]
        shelves = [game for game in self.archive if not game.key]
        return [task for game in (*begun, *shelves) for task in game.tasks if not task.double]

    def classics(self) -> list[Task]:
        """The old problems at which a compile error proves a handle."""
        return [task for game in self.archive for task in game.tasks]

    def task(self, key: str) -> Task | None:
        """A problem of the catalogue by its key."""
        return next((task for task in self.catalogue() if task.key == key), None)

    def round(self, round_id: int) -> Round:
        return self._rounds_by_id[round_id]

    def rating_of(self, task: Task) -> int | None:
        """The difficulty as the platform shows it: new problems have none yet."""
        settled = self.round(task.round).end + SETTLED <= self.clock()
        return task.difficulty if settled else None

    # --- editing

    def add(
        self, handle: str, first_name: str = "", last_name: str = "", *, seasoned: bool = False
    ) -> Account:
        """Somebody new: never rated, or `seasoned` by years of rounds. Raises `Taken`."""
        with self._lock:
            if handle.lower() in self.accounts:
                raise Taken(handle)
            name = {"first_name": first_name, "last_name": last_name}
            self._edit("add", handle=handle, **name, seasoned=seasoned)
            return self.find(handle)

    def edit_profile(self, handle: str, **texts: str) -> None:
        """Change texts of `Account.texts`."""
        with self._lock:
            account = self.find(handle)
            self._edit("profile", handle=account.handle, texts={key: texts[key] for key in texts})

    def rename(self, handle: str, new: str) -> None:
        """Give an account another handle. Raises `Taken`."""
        with self._lock:
            account = self.find(handle)
            if new.lower() in self.accounts and self.accounts[new.lower()] is not account:
                raise Taken(new)
            self._edit("rename", handle=account.handle, new=new)

    def delete(self, handle: str) -> None:
        """The platform does not know the account any more."""
        with self._lock:
            self._edit("delete", handle=self.find(handle).handle)

    def play(self, handles: Sequence[str], luck: int = 0) -> Round:
        """A rated round, settled just now; `luck` from -2 to 2 lowers or lifts the results."""
        with self._lock:
            players = [self.find(handle).handle for handle in handles]
            number = max(game.number for game in self.rounds) + 1  # the announced ones keep theirs
            self._edit("play", handles=players, luck=luck, number=number)
            return self._latest

    def club_round(self, share: float = 0.6) -> Round:
        """A rated round in which a share of everybody takes part."""
        with self._lock:
            rng = Random(f"{self.seed}:club:{len(self._edits)}")
            handles = [account.handle for account in self.everybody() if rng.random() < share]
            return self.play(handles)

    def revise(self, round_id: int) -> None:
        """Recalculate the ratings of a round a little, as platforms do days later."""
        with self._lock:
            self._edit("revise", round_id=self.round(round_id).id)

    def submit(self, handle: str, verdict: str = "OK", task: Task | None = None) -> Sent:
        """An attempt in practice, at a problem of about the own strength unless one is given."""
        with self._lock:
            account = self.find(handle)
            task = task or self._suitable(account)
            key = [task.round, task.index]
            self._edit("submit", handle=account.handle, task=key, verdict=verdict)
            return account.added[-1]

    # --- making the past

    def _make(self, beside: "World | None") -> None:
        made_at, ours = self.made_at, self.flavour is CODEFORCES
        season = _season(self.flavour.key, self.seed, made_at)
        self.archive = self.flavour.archive()
        #: Oldest first.
        self.rounds = [*(game for game in self.archive if game.key), *season]
        self._rounds_by_id = {game.id: game for game in (*self.archive, *season)}
        self._latest = season[-1]
        self._settled = [game for game in season if game.end < made_at - history.DAY]
        tasks = [task for game in self._settled for task in game.tasks if not task.double]
        self._by_difficulty = sorted(tasks, key=attrgetter("difficulty"))
        if ours:
            self._settle_here()
        else:
            made = beside or World(size=self.size, seed=self.seed, clock=lambda: made_at)
            self._settle_too(made.people())

    def _settle_here(self) -> None:
        """Who people are depends on the seed alone, and on no moment."""
        registry = Registry(self.flavour.handle)
        careers = history.careers(Random(f"{self.seed}:careers"), self.size, self.made_at)
        for number, career in enumerate(careers):
            rng = Random(f"{self.seed}:person:{number}")
            person = registry.person(rng, number, career)
            self._enter(rng, person, person.handle, career.fresh())

    def _settle_too(self, everybody: Sequence[Person]) -> None:
        """Some of the people of Codeforces are here too."""
        registry = Registry(self.flavour.handle)
        for person in everybody:
            rng = Random(f"{self.seed}:{self.flavour.key}:{person.number}")
            if rng.random() < self.flavour.share:
                career = people.elsewhere(rng, person.career, self.flavour)
                self._enter(rng, person, registry.handle_of(rng, person), career)

    def _enter(self, rng: Random, person: Person, handle: str, career: Career) -> None:
        if person.number < self.size and person.number % 9 == self.flavour.unrated:
            career.rate = 0  # practises, but never takes part
        account = people.account(person, self.flavour, handle, career)
        self.accounts[handle.lower()] = account
        self._by_number.append(account)
        history.walk(rng, career, self._settled)
        account.past = len(account.results)

    def _attempts_of_the_past(self, account: Account) -> list[Sent]:
        rng = Random(f"{self.seed}:attempts:{account.number}")
        sent = [
            attempt
            for result in account.results[: account.past]
            for attempt in history.contest_attempts(rng, result, account.language, account.number)
        ]
        if account.career.until - account.career.since > history.DAY:
            practice = history.Practice(rng, account.career, self._by_difficulty)
            sent += practice.attempts(self.flavour.practice, account.language, account.number)
        return sorted({attempt.id: attempt for attempt in sent}.values(), reverse=True)

    # --- edits, kept and replayed

    def _edit(self, verb: str, **what: Any) -> None:
        self._apply({"do": verb, "at": int(self.clock()), **what})
        self._save()

    def _apply(self, edit: dict[str, Any]) -> None:
        what = dict(edit)
        apply: Callable[..., None] = getattr(self, f"_apply_{what.pop('do')}")
        apply(**what)
        self._edits.append(edit)

    def _apply_add(
        self, at: int, handle: str, first_name: str, last_name: str, seasoned: bool = False
    ) -> None:
        number = self.size + sum(edit["do"] == "add" for edit in self._edits)
        person = people.newcomer(number, handle, (first_name, last_name), at, seasoned)
        rng, career = Random(f"{self.seed}:add:{number}"), person.career.fresh()
        if self.flavour is not CODEFORCES:
            career = people.elsewhere(rng, person.career, self.flavour)
            career.streak = self.flavour.streaks if seasoned else 0
        self._enter(rng, person, handle, career)

    def _apply_profile(self, at: int, handle: str, texts: dict[str, str]) -> None:
        known = self.find(handle).texts
        known |= {key: text for key, text in texts.items() if key in known}

    def _apply_rename(self, at: int, handle: str, new: str) -> None:
        account = self.find(handle)
        if not self.flavour.follows_renames:
            del self.accounts[account.handle.lower()]
        account.old_handles.append(account.handle)
        account.handle = new
        self.accounts[new.lower()] = account

    def _apply_delete(self, at: int, handle: str) -> None:
        account = self.find(handle)
        account.gone = True
        self.accounts = {name: one for name, one in self.accounts.items() if one is not account}

    def _apply_play(
        self, at: int, handles: list[str], luck: int, number: int | None = None
    ) -> None:
        """One that was kept without its number was told as one from 1000 on, and stays that."""
        rng = Random(f"{self.seed}:play:{len(self._edits)}")
        number = number or 1_000 + sum(edit["do"] == "play" for edit in self._edits)
        game = self.flavour.just_over(rng, max(self._rounds_by_id) + 1, number, at)
        self.rounds.insert(bisect_left(self.rounds, game.start, key=attrgetter("start")), game)
        self._rounds_by_id[game.id] = game
        self._latest = game
        for handle in handles:
            account = self.find(handle)
            performance = rng.gauss(account.career.strength + 200 * luck, 90)
            result = account.career.play(game, performance)
            for sent in history.contest_attempts(rng, result, account.language, account.number):
                account.added.append(sent._replace(id=self._next_id(account, at)))

    def _apply_revise(self, at: int, round_id: int) -> None:
        rng = Random(f"{self.seed}:revise:{len(self._edits)}")
        game = self.round(round_id)
        for account, _ in self.results_of(round_id):
            self.attempts(account)  # those of the past follow from the ratings of the past
            account.career.revise(game, rng.choice((-1, 1)) * rng.randrange(2, 12))

    def _apply_submit(self, at: int, handle: str, task: list[Any], verdict: str) -> None:
        account = self.find(handle)
        round_id, index = task
        sent = next(one for one in self.round(round_id).tasks if one.index == index)
        new = self._next_id(account, at)
        account.added.append(Sent(new, sent, at, verdict, account.language, "PRACTICE"))

    def _next_id(self, account: Account, at: int) -> int:
        """Ids rise in the order of the edits, so that what is added is always the newest."""
        latest = account.added[-1].id if account.added else 0
        return max(history.identity(at, account.number), latest + history.ACCOUNTS)

    def _suitable(self, account: Account) -> Task:
        done = {attempt.task.name for attempt in self.attempts(account) if attempt.verdict == "OK"}
        tasks = [task for task in self._by_difficulty if task.name not in done]
        near = bisect_left(tasks, (account.rating or 800) + 100, key=attrgetter("difficulty"))
        return tasks[min(near, len(tasks) - 1)]

    def _save(self) -> None:
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        kept = {
            "made_as": MADE_AS,
            "size": self.size,
            "seed": self.seed,
            "made_at": self.made_at,
            "edits": self._edits,
        }
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps(kept, ensure_ascii=False))
        draft.replace(self.path)


@lru_cache(maxsize=len(FLAVOURS))
def _season(key: str, seed: int, made_at: int) -> tuple[Round, ...]:
    """The rounds of the made-up past.

    Remembered, because nothing changes them and most of the work of making a world is here.
    """
    return tuple(FLAVOURS[key].season(Random(f"{seed}:{key}"), made_at))


def _read(path: Path | None) -> dict[str, Any]:
    if path is None or not path.exists():
        return {}
    saved: dict[str, Any] = json.loads(path.read_text())
    if saved.get("made_as") != MADE_AS:
        raise OtherPeople(
            f"{path} is of another version of CodeTrack, whose pretend world had other people."
        )
    return saved


def _made_at(saved: dict[str, Any], clock: Callable[[], float]) -> int:
    made_at: int = saved.get("made_at", int(clock()) // 3_600 * 3_600)
    return made_at
