"""A pretend world of people who play contests, the same everywhere but for what is edited.

Only the edits are kept in the file; the rest is made again from the seed. No Django, no protocol.
"""

import json
import threading
import time
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any

from . import history, names
from .history import Career, Result, Round, Sent, Task

SIZE = 200
SEED = 2_718
EDITABLE = ("first_name", "last_name", "organization")
SEASONED = 2 * 365 * history.DAY  # how long an account with a past has been playing
SETTLED = 5 * history.DAY  # problems get their difficulty so long after the round


class NoSuchAccount(LookupError):
    """Nobody in the pretend world has this handle."""


class Taken(ValueError):
    """Somebody in the pretend world has this handle already, or had it."""


@dataclass(slots=True, eq=False)
class Account:
    """One person on the pretend platform."""

    number: int
    handle: str
    first_name: str
    last_name: str
    organization: str
    place: names.Place
    language: str
    registered: int
    career: Career
    old_handles: list[str] = field(default_factory=list)
    #: How many of the results are of the made-up past.
    past: int = 0
    #: Attempts of edits, oldest first; those of the past are made when they are asked for.
    added: list[Sent] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.handle

    @property
    def results(self) -> Sequence[Result]:
        return self.career.results

    @property
    def rating(self) -> int | None:
        return self.results[-1].new if self.results else None

    @property
    def last_seen(self) -> int:
        """No attempt and no result is newer."""
        signs = [self.career.until]
        signs += [result.at for result in self.results[-1:]]
        signs += [sent.at for sent in self.added[-1:]]
        return max(signs)

    @property
    def max_rating(self) -> int | None:
        return max((result.new for result in self.results), default=None)


class World:
    """All accounts, rounds and attempts. Safe to use from several threads."""

    def __init__(
        self,
        *,
        size: int = SIZE,
        seed: int = SEED,
        path: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.path, self.clock = path, clock
        self._lock = threading.RLock()
        saved = _read(path)
        self.size: int = saved.get("size", size)
        self.seed: int = saved.get("seed", seed)
        #: The end of the made-up past, in seconds since 1970. What comes after it are edits.
        self.made_at: int = saved.get("made_at", int(clock()) // 3_600 * 3_600)
        self.accounts: dict[str, Account] = {}
        self._by_number: list[Account] = []
        self._names: set[tuple[str, str]] = set()
        self._past: dict[int, list[Sent]] = {}
        self._edits: list[dict[str, Any]] = []
        self._make()
        for edit in saved.get("edits", []):
            self._apply(edit)
        self._save()

    # --- reading

    def find(self, handle: str) -> Account:
        """By the handle of today or an earlier one, in any case. Raises `NoSuchAccount`."""
        with self._lock:
            account = self.accounts.get(handle.lower())
        if account is None:
            raise NoSuchAccount(handle)
        return account

    def everybody(self) -> list[Account]:
        with self._lock:
            return list(self._by_number)

    def results_of(self, round_id: int) -> list[tuple[Account, Result]]:
        """Of everybody in one round, the best first."""
        with self._lock:
            found = [
                (account, result)
                for account in self._by_number
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
        return [task for game in begun for task in game.tasks if not task.double]

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
        """Change `first_name`, `last_name` or `organization`."""
        with self._lock:
            account = self.find(handle)
            self._edit("profile", handle=account.handle, texts={key: texts[key] for key in texts})

    def rename(self, handle: str, new: str) -> None:
        """Give an account another handle; the old one still leads to it."""
        with self._lock:
            account = self.find(handle)
            if new.lower() in self.accounts and self.accounts[new.lower()] is not account:
                raise Taken(new)
            self._edit("rename", handle=account.handle, new=new)

    def play(self, handles: Sequence[str], luck: int = 0) -> Round:
        """A rated round, settled just now; `luck` from -2 to 2 lowers or lifts the results."""
        with self._lock:
            players = [self.find(handle).handle for handle in handles]
            self._edit("play", handles=players, luck=luck)
            return self._latest

    def club_round(self, share: float = 0.6) -> Round:
        """A rated round in which a share of everybody takes part."""
        with self._lock:
            rng = Random(f"{self.seed}:club:{len(self._edits)}")
            handles = [account.handle for account in self._by_number if rng.random() < share]
            return self.play(handles)

    def submit(self, handle: str, verdict: str = "OK", task: Task | None = None) -> Sent:
        """An attempt in practice, at a problem of about the own strength unless one is given."""
        with self._lock:
            account = self.find(handle)
            task = task or self._suitable(account)
            key = [task.round, task.index]
            self._edit("submit", handle=account.handle, task=key, verdict=verdict)
            return account.added[-1]

    # --- making the past

    def _make(self) -> None:
        rng = Random(self.seed)
        self.rounds = history.season(rng, self.made_at)
        self._rounds_by_id = {game.id: game for game in self.rounds}
        self._latest = self.rounds[-1]
        self._settled = [game for game in self.rounds if game.end < self.made_at - history.DAY]
        tasks = [task for game in self._settled for task in game.tasks if not task.double]
        self._by_difficulty = sorted(tasks, key=attrgetter("difficulty"))
        for number, career in enumerate(history.careers(rng, self.size, self.made_at)):
            if number % 9 == 5:  # practises, but never takes part
                career.rate = 0
            account = self._person(rng, number, career)
            self._enter(account)
            self._walk(rng, account)

    def _walk(self, rng: Random, account: Account) -> None:
        history.walk(rng, account.career, self._settled)
        account.past = len(account.results)

    def _person(self, rng: Random, number: int, career: Career) -> Account:
        place = rng.choice(names.PLACES)
        first, last = self._free_name(place, rng.choice(place.first), rng.choice(place.last))
        return Account(
            number=number,
            handle=self._free_handle(rng, first, last),
            first_name=first,
            last_name=last,
            organization=rng.choice(names.CLUBS),
            place=place,
            language=rng.choice(names.LANGUAGES),
            registered=career.since - rng.randrange(1, 200) * history.DAY,
            career=career,
        )

    def _free_name(self, place: names.Place, first: str, last: str) -> tuple[str, str]:
        """This name, or one of the same place that nobody has yet, while there are any."""
        wanted = [(first, last), *product(place.first, place.last)]
        name = next((name for name in wanted if name not in self._names), wanted[0])
        self._names.add(name)
        return name

    def _free_handle(self, rng: Random, first: str, last: str) -> str:
        first, last, word = plain(first), plain(last), rng.choice(names.HANDLE_WORDS)
        shapes = (
            f"{first.lower()}_{word}",
            f"{word}.{first.lower()}",
            f"{first}{last}",
            f"{first[0].lower()}{last.lower()}{rng.randrange(10, 99)}",
            f"{word.title()}{rng.randrange(100, 999)}",
        )
        handle = rng.choice(shapes)[:20]
        while handle.lower() in self.accounts:
            handle = f"{handle[:20]}{rng.randrange(10, 999)}"
        return handle

    def _enter(self, account: Account) -> None:
        self.accounts[account.handle.lower()] = account
        self._by_number.append(account)

    def _attempts_of_the_past(self, account: Account) -> list[Sent]:
        rng = Random(f"{self.seed}:attempts:{account.number}")
        sent = [
            attempt
            for result in account.results[: account.past]
            for attempt in history.contest_attempts(rng, result, account.language, account.number)
        ]
        if account.career.until - account.career.since > history.DAY:
            sent += history.practice_attempts(
                rng, account.career, self._by_difficulty, account.language, account.number
            )
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
        career = Career(skill=1_400, growth=0, rate=0, since=at, until=at + 1)
        if seasoned:
            career = replace(career, skill=1_750, growth=500, rate=0.4, since=at - SEASONED)
        account = Account(
            number=len(self._by_number),
            handle=handle,
            first_name=first_name,
            last_name=last_name,
            organization="",
            place=names.PLACES[0],
            language=names.LANGUAGES[0],
            registered=career.since,
            career=career,
        )
        self._enter(account)
        self._walk(Random(f"{self.seed}:add:{account.number}"), account)

    def _apply_profile(self, at: int, handle: str, texts: dict[str, str]) -> None:
        account = self.find(handle)
        for key in EDITABLE:
            setattr(account, key, texts.get(key, getattr(account, key)))

    def _apply_rename(self, at: int, handle: str, new: str) -> None:
        account = self.find(handle)
        account.old_handles.append(account.handle)
        account.handle = new
        self.accounts[new.lower()] = account

    def _apply_play(self, at: int, handles: list[str], luck: int) -> None:
        rng = Random(f"{self.seed}:play:{len(self._edits)}")
        make = history.RoundMaker(rng, iter(rng.sample(names.NOUNS, 8)))
        number = 1_000 + sum(edit["do"] == "play" for edit in self._edits)
        identity = max(self._rounds_by_id) + 1
        game = make.round(history.GLOBAL, identity, number, at)
        game = replace(game, start=at - history.SETTLING - game.seconds)
        self.rounds.insert(bisect_left(self.rounds, game.start, key=attrgetter("start")), game)
        self._rounds_by_id[game.id] = game
        self._latest = game
        for handle in handles:
            account = self.find(handle)
            performance = rng.gauss(account.career.strength + 200 * luck, 90)
            result = account.career.play(game, performance)
            for sent in history.contest_attempts(rng, result, account.language, account.number):
                account.added.append(sent._replace(id=self._next_id(account, at)))

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
        kept = {"size": self.size, "seed": self.seed, "made_at": self.made_at, "edits": self._edits}
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps(kept, ensure_ascii=False))
        draft.replace(self.path)


def _read(path: Path | None) -> dict[str, Any]:
    if path is None or not path.exists():
        return {}
    saved: dict[str, Any] = json.loads(path.read_text())
    return saved


def plain(text: str) -> str:
    """The text in ASCII letters."""
    known = text.replace("ı", "i").replace("ł", "l").replace("Đ", "D").replace("đ", "d")
    return unicodedata.normalize("NFKD", known).encode("ascii", "ignore").decode()
