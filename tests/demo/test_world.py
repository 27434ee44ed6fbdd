"""The pretend world: the same every time, plausible, and it keeps what is edited."""

import threading
from collections import Counter
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from codetrack.demo import names
from codetrack.demo.history import DAY, DIV1, GLOBAL
from codetrack.demo.world import NoSuchAccount, Taken, World, _season
from codetrack.platforms.codeforces import Codeforces

from .conftest import NOON, Clock

forget = _season.cache_clear  # the past is remembered in a process: now it is made again


def photograph(world: World) -> list[object]:
    return [
        (
            account.handle,
            account.name,
            dict(account.texts),
            account.results,
            world.attempts(account),
        )
        for account in world.everybody()
    ]


def test_two_worlds_of_one_seed_are_the_same(clock: Clock) -> None:
    first = photograph(World(clock=clock))
    forget()
    assert photograph(World(clock=clock)) == first


def test_another_seed_is_another_world(clock: Clock) -> None:
    assert photograph(World(clock=clock)) != photograph(World(seed=1, clock=clock))


def test_two_hundred_people_over_all_tiers(world: World) -> None:
    people = world.everybody()
    assert len({person.handle.lower() for person in people}) == 200
    assert len({person.name for person in people}) == 200
    assert all(Codeforces.handle_pattern.fullmatch(person.handle) for person in people)
    tiers = Counter(Codeforces.tier(person.rating) for person in people)
    assert {tier.level for tier in tiers if tier} >= {1, 3, 4, 5, 6, 7, 8, 9}
    assert 10 <= tiers[None] <= 40
    assert len({person.place for person in people}) == len(names.PLACES)


def test_every_zone_of_the_world_exists() -> None:
    assert all(ZoneInfo(place.zone).key == place.zone for place in names.PLACES)


def test_ratings_go_on_where_they_stopped(world: World) -> None:
    for person in world.everybody():
        assert all(later.old == earlier.new for earlier, later in pairwise(person.results))
        assert all(later.at > earlier.at for earlier, later in pairwise(person.results))
        if person.results:
            assert person.results[0].old == 0
            assert person.max_rating == max(result.new for result in person.results)


def test_histories_span_three_years_and_jumps_are_plausible(world: World) -> None:
    results = [result for person in world.everybody() for result in person.results]
    assert max(r.at for r in results) - min(r.at for r in results) > 2.9 * 365 * DAY
    settled = [r for person in world.everybody() for r in person.results[6:]]
    assert all(abs(result.new - result.old) <= 160 for result in settled)
    assert all(1 <= result.rank <= result.round.field for result in results)
    assert all(r.old >= DIV1.floor for r in results if r.round.kind is DIV1)


def test_attempts_come_newest_first_with_ids_of_their_own(world: World) -> None:
    seen: set[int] = set()
    for person in world.everybody():
        attempts = world.attempts(person)
        assert all(a.id > b.id and a.at >= b.at for a, b in pairwise(attempts))
        assert not seen & {attempt.id for attempt in attempts}
        seen |= {attempt.id for attempt in attempts}
        assert all(attempt.at <= person.last_seen for attempt in attempts[:1])
    assert 10_000 < len(seen) < 60_000


def test_nothing_of_the_past_lies_ahead(world: World) -> None:
    for person in world.everybody():
        assert all(attempt.at < NOON for attempt in world.attempts(person))
        assert all(result.at < NOON for result in person.results)
    assert any(game.start > NOON for game in world.rounds)


def test_the_pair_of_a_round_shows_the_same_problems_and_the_catalogue_lists_them_once(
    world: World,
) -> None:
    by_start: dict[int, set[str]] = {}
    doubles = 0
    for game in world.rounds:
        for task in game.tasks:
            if task.double:
                assert task.name in by_start[game.start]
                doubles += 1
        by_start.setdefault(game.start, set()).update(task.name for task in game.tasks)
    listed = [task.name for task in world.catalogue()]
    assert doubles > 50
    assert len(listed) == len(set(listed))


def test_new_problems_have_no_difficulty_yet(world: World, clock: Clock) -> None:
    newest = world.catalogue()[0]
    clock.now = world.round(newest.round).end + DAY
    assert world.rating_of(newest) is None
    clock.now += 10 * DAY
    assert world.rating_of(newest) == newest.difficulty


def test_playing_changes_the_rating_and_leaves_attempts(world: World, clock: Clock) -> None:
    person = next(person for person in world.everybody() if len(person.results) > 10)
    before, attempts = len(person.results), world.attempts(person)
    game = world.play([person.handle], luck=2)
    assert game.kind is GLOBAL
    assert len(person.results) == before + 1
    assert person.results[-1].new > person.results[-1].old
    assert person.results[-1].at <= clock.now
    assert [result.round for _, result in world.results_of(game.id)] == [game]
    added = world.attempts(person)
    assert added[len(added) - len(attempts) :] == attempts
    assert all(attempt.id > attempts[0].id for attempt in added[: len(added) - len(attempts)])


def test_bad_luck_lowers_the_rating(world: World) -> None:
    person = next(person for person in world.everybody() if len(person.results) > 10)
    world.play([person.handle], luck=-2)
    assert person.results[-1].new < person.results[-1].old


def test_a_new_account_is_unrated_until_it_plays(world: World) -> None:
    person = world.add("Fresh.Start", "Ada", "New")
    assert (person.rating, world.attempts(person)) == (None, [])
    world.play(["fresh.start"])
    assert person.rating is not None
    assert person.results[0].old == 0


def test_a_seasoned_account_has_years_of_rounds_and_goes_on_from_there(world: World) -> None:
    person = world.add("Old.Hand", seasoned=True)
    moments = [result.at for result in person.results]
    assert len(moments) > 10
    assert moments[-1] - moments[0] > 300 * DAY
    assert len(world.attempts(person)) > 30
    world.play(["Old.Hand"])
    assert person.results[-1].old == person.results[-2].new
    assert person.results[-1].at > moments[-1]


def test_a_club_round_has_most_of_the_club(world: World) -> None:
    game = world.club_round()
    assert 90 < len(world.results_of(game.id)) < 150


def test_submitting_adds_the_newest_attempt(world: World) -> None:
    person = world.everybody()[0]
    first = world.submit(person.handle)
    second = world.submit(person.handle, "WRONG_ANSWER")
    assert world.attempts(person)[:2] == [second, first]
    assert (first.verdict, second.verdict) == ("OK", "WRONG_ANSWER")


def test_old_handle_leads_to_the_renamed_account(world: World) -> None:
    person = world.everybody()[3]
    old = person.handle
    world.rename(old, "Brand_New")
    assert world.find(old) is world.find("brand_new") is person


def test_taken_handles_are_refused(world: World) -> None:
    one, other = world.everybody()[:2]
    with pytest.raises(Taken):
        world.add(one.handle.upper())
    with pytest.raises(Taken):
        world.rename(one.handle, other.handle)
    with pytest.raises(NoSuchAccount):
        world.find("nobody")


def test_a_warm_start_keeps_every_edit(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "world.json"
    world = World(path=path, clock=clock)
    handles = [person.handle for person in world.everybody()[:3]]
    world.add("Fresh.Start", "Ada", "Łukasiewicz")
    world.add("Old.Hand", seasoned=True)
    world.edit_profile(handles[0], organization="Harbour CT-9F2K")
    world.play([*handles, "Fresh.Start"], luck=1)
    world.submit("Fresh.Start", "TIME_LIMIT_EXCEEDED")
    world.rename(handles[1], "Brand_New")
    world.club_round()
    clock.now += 3 * DAY
    forget()
    again = World(path=path, clock=clock)
    assert photograph(again) == photograph(world)
    assert again.find(handles[1]).handle == "Brand_New"
    assert path.stat().st_size < 20_000


def test_many_hands_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    world = World(size=20, path=path)
    handles = [person.handle for person in world.everybody()]

    def edit(handle: str) -> None:
        for number in range(5):
            world.submit(handle)
            world.edit_profile(handle, organization=f"Club {number}")
            world.attempts(world.find(handle))

    threads = [threading.Thread(target=edit, args=[handle]) for handle in handles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again = World(path=path)
    assert all(len(person.added) == 5 for person in again.everybody())
    assert {person.texts["organization"] for person in again.everybody()} == {"Club 4"}
