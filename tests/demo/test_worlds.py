"""The pretend worlds beside that of Codeforces: the same people, each platform in its own way."""

import json
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from codetrack.demo.flavours import CODECHEF, CODEFORCES, FLAVOURS, LEETCODE, Flavour
from codetrack.demo.history import DAY
from codetrack.demo.world import Account, NoSuchAccount, OtherPeople, World, _season
from codetrack.platforms.registry import all_platforms

from .conftest import NOON, Clock

OTHERS = (LEETCODE, CODECHEF)


@pytest.fixture(params=list(FLAVOURS.values()), ids=list(FLAVOURS))
def flavour(request: pytest.FixtureRequest) -> Flavour:
    chosen: Flavour = request.param
    return chosen


@pytest.fixture
def world(flavour: Flavour, clock: Clock) -> World:
    return World(flavour=flavour, clock=clock)


@pytest.fixture
def player(world: World) -> Account:
    return next(one for one in world.everybody() if len(one.results) > 10)


def photograph(world: World) -> list[object]:
    return [
        (one.number, one.handle, dict(one.texts), list(one.results), world.attempts(one))
        for one in world.everybody()
    ]


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.key)
def test_the_same_number_is_the_same_person_everywhere(other: Flavour, clock: Clock) -> None:
    first = World(clock=clock)
    names = {one.number: one.name for one in first.everybody()}
    handles = {one.number: one.handle.lower() for one in first.everybody()}
    there = World(flavour=other, clock=clock, beside=first).everybody()
    assert all(one.name == names[one.number] for one in there)
    assert 80 < len(there) < 150
    same = sum(one.handle.lower() == handles[one.number] for one in there)
    assert 20 < same < len(there) - 20


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.key)
def test_a_world_alone_is_the_one_beside_codeforces(other: Flavour, clock: Clock) -> None:
    beside = World(clock=clock)
    alone = World(flavour=other, clock=clock)
    _season.cache_clear()
    assert photograph(alone) == photograph(World(flavour=other, clock=clock, beside=beside))


def test_handles_are_possible_there(world: World, flavour: Flavour) -> None:
    handles = [one.handle for one in world.everybody()]
    assert len({handle.lower() for handle in handles}) == len(handles)
    pattern = all_platforms()[flavour.key].handle_pattern
    assert [handle for handle in handles if not pattern.fullmatch(handle)] == []


def test_texts_are_those_that_the_adapter_reads(world: World, flavour: Flavour) -> None:
    places = {method.key for method in all_platforms()[flavour.key].proofs}
    assert places <= set(world.everybody()[0].texts) == set(flavour.texts)


def test_every_problem_of_a_proof_is_there(world: World, flavour: Flavour) -> None:
    wanted = all_platforms()[flavour.key].proof_problems
    assert len(wanted) >= 12
    for problem in wanted:
        task = world.task(problem.key)
        assert task is not None
        assert task.name == problem.title
        assert world.rating_of(task) == task.difficulty
    assert [task.key for task in world.classics()] == [problem.key for problem in wanted]


def test_a_key_is_one_problem(world: World) -> None:
    keys = [task.key for task in world.catalogue()]
    assert len(set(keys)) == len(keys)
    assert {task.level for task in world.catalogue()} == {"Easy", "Medium", "Hard"}


def test_rounds_have_keys_of_their_own_and_some_are_to_come(world: World) -> None:
    assert len({game.key for game in world.rounds}) == len(world.rounds)
    assert all(one.start <= later.start for one, later in pairwise(world.rounds))
    assert len([game for game in world.rounds if game.start > NOON]) >= 3


def test_what_is_played_by_hand_goes_on_after_the_last_one_announced(
    world: World, player: Account
) -> None:
    last = max(game.number for game in world.rounds)
    shown = max(world.rounds, key=lambda game: (game.number, game.start)).name
    games = [world.play([player.handle]) for _ in range(3)]
    assert [game.number for game in games] == [last + 1, last + 2, last + 3]
    assert str(last) in shown and str(last + 1) in games[0].name
    keys = [game.key for game in world.rounds]
    assert len(set(keys)) == len(keys)
    tasks = [task.key for task in world.catalogue()]
    assert len(set(tasks)) == len(tasks)


def test_a_round_keeps_the_name_under_which_an_older_version_told_it(
    flavour: Flavour, clock: Clock, tmp_path: Path
) -> None:
    path = tmp_path / flavour.file
    world = World(flavour=flavour, clock=clock, path=path, size=60)
    one = next(one.handle for one in world.everybody() if one.results)
    world.play([one])
    kept = json.loads(path.read_text())
    del kept["edits"][0]["number"]
    path.write_text(json.dumps(kept))
    again = World(flavour=flavour, clock=clock, path=path)
    old = again.find(one).results[-1].round
    assert old.number == 1_000 and "1000" in old.name
    new = again.play([one])
    assert new.number == 1_001 and new.key != old.key
    assert [game.name for game in World(flavour=flavour, clock=clock, path=path).rounds] == [
        game.name for game in again.rounds
    ]


def test_results_follow_one_another_and_attempts_come_newest_first(world: World) -> None:
    results = 0
    for one in world.everybody():
        results += len(one.results)
        assert all(later.old == earlier.new for earlier, later in pairwise(one.results))
        assert all(1 <= result.rank <= result.round.field for result in one.results)
        sent = world.attempts(one)
        assert all(a.id > b.id and a.at >= b.at for a, b in pairwise(sent))
        assert all(attempt.at <= min(one.last_seen, NOON) for attempt in sent)
    assert results > 1_000
    assert any(one.rating is None for one in world.everybody())


def test_what_is_edited_stays(flavour: Flavour, clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / flavour.file
    world = World(flavour=flavour, clock=clock, path=path, size=60)
    one, other, third = [one.handle for one in world.everybody() if one.results][:3]
    world.add("fresh_start", "Ada", "Łukasiewicz")
    world.add("old_hand", seasoned=True)
    key = next(iter(flavour.texts))
    world.edit_profile(one, **{key: "ct-9f2kq1"})
    game = world.play([one, "fresh_start"], luck=1)
    world.revise(game.id)
    world.revise(world.find(other).results[3].round.id)
    world.submit(one, "COMPILATION_ERROR", world.classics()[4])
    world.rename(other, "brand_new")
    world.delete(third)
    world.club_round()
    clock.now += 3 * DAY
    again = World(flavour=flavour, clock=clock, path=path)
    assert photograph(again) == photograph(world)
    assert again.find(one).texts[key] == "ct-9f2kq1"
    assert world.find("fresh_start").name == "Ada Łukasiewicz"
    assert world.find("old_hand").rating is not None


def test_a_compile_error_at_a_chosen_problem(world: World, player: Account) -> None:
    task = world.classics()[0]
    sent = world.submit(player.handle, "COMPILATION_ERROR", task)
    assert world.attempts(player)[0] == sent
    assert (sent.task.key, sent.verdict, sent.at) == (task.key, "COMPILATION_ERROR", NOON)


def test_a_round_is_recalculated_with_all_that_came_after_it(world: World) -> None:
    player = next(one for one in world.everybody() if len(one.results) > 10)
    before, sent = list(player.results), world.attempts(player)
    world.revise(before[-2].round.id)
    change = player.results[-2].new - before[-2].new
    assert 0 < abs(change) < 12
    assert player.results[-2].old == before[-2].old
    assert (player.results[-1].old, player.results[-1].new) == (
        before[-1].old + change,
        before[-1].new + change,
    )
    assert player.results[:-2] == before[:-2]
    assert world.attempts(player) == sent


def test_a_deleted_account_is_nowhere(world: World, player: Account) -> None:
    game = player.results[-1].round
    world.delete(player.handle)
    with pytest.raises(NoSuchAccount):
        world.find(player.handle)
    assert player not in world.everybody()
    assert player not in [one for one, _ in world.results_of(game.id)]
    assert world.add("came_after").number == world.size


def test_an_old_handle_leads_on_where_the_platform_follows(world: World, player: Account) -> None:
    old = player.handle
    world.rename(old, "brand_new")
    assert world.find("brand_new") is player
    assert player.old_handles == [old]
    if world.flavour.follows_renames:
        assert world.find(old) is player
    else:
        with pytest.raises(NoSuchAccount):
            world.find(old)


def test_leetcode_has_a_contest_every_sunday_and_another_every_second_saturday(
    clock: Clock,
) -> None:
    world = World(flavour=LEETCODE, clock=clock)
    week = Counter(datetime.fromtimestamp(game.start, UTC).strftime("%a") for game in world.rounds)
    assert set(week) == {"Sat", "Sun"}
    assert 70 < week["Sat"] < 85
    assert 150 < week["Sun"] < 165
    assert {game.seconds for game in world.rounds} == {5_400}
    assert {len(game.tasks) for game in world.rounds} == {4}
    assert all(one.results[0].old == 1_500 for one in world.everybody() if one.results)


def test_codechef_has_four_divisions_every_wednesday_with_problems_in_common(clock: Clock) -> None:
    world = World(flavour=CODECHEF, clock=clock)
    days = {datetime.fromtimestamp(game.start, UTC).strftime("%a") for game in world.rounds}
    assert days == {"Wed"}
    assert Counter(game.key[-1] for game in world.rounds).keys() == set("ABCD")
    by_name: dict[str, set[str]] = {}
    for game in world.rounds:
        by_name.setdefault(game.name, set()).update(task.key for task in game.tasks)
    assert {len(keys) for keys in by_name.values()} == {9}
    for one in world.everybody():
        for result in one.results:
            assert result.round.kind.floor <= max(result.old, 0) <= result.round.kind.ceiling


def test_some_practise_every_day_up_to_now(clock: Clock) -> None:
    world = World(flavour=LEETCODE, clock=clock)
    now = world.made_at
    on = [one for one in world.everybody() if one.career.streak > 10 and one.career.until == now]
    assert len(on) > 20
    for one in on:
        days = {attempt.at // DAY for attempt in world.attempts(one) if attempt.verdict == "OK"}
        today = int(NOON) // DAY
        assert {today - ago for ago in range(1, 9)} <= days


@pytest.mark.parametrize("later", [1, 30, 24 * 9 + 5, 24 * 365])
def test_who_people_are_depends_on_no_moment(flavour: Flavour, clock: Clock, later: int) -> None:
    def who(world: World) -> list[object]:
        return [
            (one.number, one.handle, one.name, dict(one.texts), one.career.skill)
            for one in world.everybody()
        ]

    first = who(World(flavour=flavour, clock=clock))
    clock.now += later * 3_600
    assert who(World(flavour=flavour, clock=clock)) == first


def test_a_file_of_before_people_had_their_own_chance_is_refused(
    clock: Clock, tmp_path: Path
) -> None:
    path = tmp_path / CODEFORCES.file
    path.write_text('{"size": 30, "seed": 2718, "made_at": 1790000000, "edits": []}')
    before = path.read_bytes()
    with pytest.raises(OtherPeople, match="another version"):
        World(path=path, clock=clock)
    assert path.read_bytes() == before
