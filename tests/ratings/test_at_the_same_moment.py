"""Several requests at the same moment leave what one after the other would have left."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from threading import Event as ThreadEvent
from time import sleep

import pytest
from django.db import IntegrityError, connection, transaction

from codetrack.accounts.models import User
from codetrack.core import clock
from codetrack.core.errors import HouseError
from codetrack.core.models import Event, Job
from codetrack.platforms.base import Attempt, Participation, Problem, Profile, Verdict
from codetrack.ratings import queries, services
from codetrack.ratings.adapters import COMPILE_ERROR
from codetrack.ratings.models import Claim, Handle, Proof
from codetrack.ratings.services import profiles
from codetrack.standings.models import Bucket, Period, Standing

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 4


def at_once[T](acts: Sequence[Callable[[], T]]) -> list[T | str]:
    """What each act gives, or the code of the error with which it was refused."""
    start = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | str:
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            return act()
        except HouseError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def member(name: str) -> User:
    return User.objects.create_user(name, f"{name}@example.org", "correct horse")


def linked(by: User, text: str = "nila_v") -> Claim:
    return services.link_handle(member=by, platform="codeforces", text=text)


def shown(key: str) -> Attempt:
    return Attempt(
        remote_id=key,
        problem=Problem(key=key, title=key, url="", index="A"),
        verdict=Verdict.COMPILE_ERROR,
        language="C++23",
        at=clock.now(),
        participation=Participation.PRACTICE,
        members=("nila_v",),
    )


def test_linking_twice_is_linking_once() -> None:
    alice = member("alice")
    claims = at_once([lambda: linked(alice)] * THREADS)
    assert len(set(claims)) == Claim.objects.count() == Handle.objects.count() == 1


def test_changing_twice_is_changing_once() -> None:
    alice = member("alice")
    claim = linked(alice, "nila_w")
    claims = at_once(
        [lambda: services.change_handle(claim=claim, text="nila_v", by=alice)] * THREADS
    )
    assert len(set(claims)) == 1
    assert [one.handle.canonical for one in Claim.objects.open()] == ["nila_v"]
    assert Claim.objects.count() == 2


def test_two_different_changes_leave_one_handle() -> None:
    alice = member("alice")
    claim = linked(alice, "nila_w")
    names = ["nila_v", "asel_b"]
    acts = [partial(services.change_handle, claim=claim, text=name, by=alice) for name in names]
    outcome = at_once(acts)
    assert "claim_ended" in outcome
    assert Claim.objects.open().get(member=alice).handle.canonical in names


def test_asking_twice_for_a_check_is_asking_once() -> None:
    alice = member("alice")
    proof = services.start_proof(claim=linked(alice), method="organization", by=alice)
    outcome = at_once([lambda: services.request_check(proof=proof, by=alice)] * THREADS)
    assert sorted(map(str, outcome)) == ["None", *["too_many"] * (THREADS - 1)]
    assert Job.objects.filter(task__endswith="check_proof").count() == 1


def test_beginning_at_once_gives_each_member_another_problem() -> None:
    claims = [linked(member(f"member{number}")) for number in range(THREADS)]
    proofs = at_once(
        [
            partial(services.start_proof, claim=claim, method=COMPILE_ERROR, by=claim.member)
            for claim in claims
        ]
    )
    assert all(isinstance(proof, Proof) for proof in proofs)
    assert len(set(Proof.objects.values_list("problem", flat=True))) == THREADS


def test_two_members_who_prove_one_handle_leave_one_owner() -> None:
    claims = [linked(member(f"member{number}")) for number in range(THREADS)]
    ways = [COMPILE_ERROR, "organization"] * (THREADS // 2)
    proofs = [
        services.start_proof(claim=claim, method=way, by=claim.member)
        for claim, way in zip(claims, ways, strict=True)
    ]
    tokens = " ".join(services.token_of(proof) for proof in proofs)
    found = Profile(handle="nila_v", texts={"organization": tokens})
    attempts = [shown(proof.problem) for proof in proofs if proof.problem]
    at = clock.now()
    outcome = at_once(
        [
            partial(services.settle_proof, proof=proof, found=found, attempts=attempts, at=at)
            for proof in proofs
        ]
    )
    assert outcome == [True] * THREADS
    assert Claim.objects.verified().count() == 1
    assert Claim.objects.filter(end=Claim.End.LOST).count() == THREADS - 1
    assert Event.objects.filter(tag="ratings:handle:lost").count() == THREADS - 1


def test_a_claim_that_is_changed_while_it_is_proven_is_one_or_the_other() -> None:
    alice = member("alice")
    claim = linked(alice)
    proof = services.start_proof(claim=claim, method="organization", by=alice)
    found = Profile(handle="nila_v", texts={"organization": services.token_of(proof)})
    at = clock.now()
    acts: list[Callable[[], object]] = [
        lambda: services.settle_proof(proof=proof, found=found, at=at),
        lambda: services.change_handle(claim=claim, text="asel_b", by=alice),
    ]
    settled, changed = at_once(acts)
    assert settled in {True, "claim_ended"}
    assert changed == Claim.objects.open().get(member=alice)
    assert not Claim.objects.verified().exists()


def renaming(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> list[object]:
    """Has nila_v read as nila_varent, whose row is there already, and `act` done meanwhile."""
    follow_rename, is_found = profiles.follow_rename, ThreadEvent()

    def dawdle(handle: Handle, *args: object) -> list[int]:
        if handle.canonical != args[0]:
            is_found.set()
            sleep(0.5)  # until the other one stands before a row
        return follow_rename(handle, *args)  # type: ignore[arg-type]

    def read() -> None:
        found = Profile(handle="nila_varent", renamed_from="nila_v")
        row = Handle.objects.get(canonical="nila_v")
        services.apply_profiles(found={row.pk: found}, at=clock.now())

    def meanwhile() -> object:
        is_found.wait(timeout=60)
        return act()

    monkeypatch.setattr(profiles, "follow_rename", dawdle)
    return at_once([read, meanwhile])


def test_a_claim_is_changed_while_the_account_is_found_to_be_renamed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice = member("alice")
    linked(member("bob"), "nila_v")
    claim = linked(alice, "nila_varent")
    change = partial(services.change_handle, claim=claim, text="nila_v", by=alice)
    _, changed = renaming(monkeypatch, change)
    now = Claim.objects.open().get(member=alice)
    assert (now, now.handle.canonical) == (changed, "nila_v")
    assert Claim.objects.open().get(member__username="bob").handle.canonical == "nila_varent"


def test_a_proof_is_settled_while_the_account_is_found_to_be_renamed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice = member("alice")
    linked(member("bob"), "nila_v")
    claim = linked(alice, "nila_varent")
    old = services.start_proof(claim=claim, method="organization", by=alice)
    found = Profile(handle="nila_varent", texts={"organization": services.token_of(old)})

    def act() -> object:
        services.request_refresh(handle=claim.handle, by=alice)
        return services.settle_proof(proof=old, found=found, at=clock.now())

    assert renaming(monkeypatch, act)[1] is True
    assert Claim.objects.verified().get().handle.canonical == "nila_varent"


def test_a_proof_begins_while_the_account_is_found_to_be_renamed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice = member("alice")
    linked(member("bob"), "nila_v")
    claim = linked(alice, "nila_varent")
    start = partial(services.start_proof, claim=claim, method="organization", by=alice)
    _, proof = renaming(monkeypatch, start)
    assert proof == Proof.objects.get()
    assert Claim.objects.get(pk=claim.pk).handle.canonical == "nila_varent"


def test_both_names_of_an_account_are_read_while_it_is_found_to_be_renamed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [linked(member(name), name).handle for name in ("nila_varent", "nila_v")]
    found = {row.pk: Profile(handle=row.shown, rating=1500) for row in rows}
    renaming(monkeypatch, partial(services.apply_profiles, found=found, at=clock.now()))
    assert Claim.objects.open().filter(handle__canonical="nila_varent").count() == 2


def test_the_database_itself_refuses_a_second_owner() -> None:
    for name in ("alice", "bob"):
        linked(member(name))
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.update(verified_at=clock.now())


def test_the_database_itself_refuses_a_second_handle_of_a_platform() -> None:
    claim = linked(member("alice"))
    other = Handle.objects.create(
        platform="codeforces", canonical="asel_b", shown="asel_b", state_at=clock.now()
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(
            member=claim.member, platform="codeforces", handle=other, created_at=clock.now()
        )


def test_a_reading_that_waits_for_another_goes_on_from_what_that_one_wrote() -> None:
    claim = services.link_handle(member=member("alice"), platform="leetcode", text="nila_v")
    now = clock.now()

    def read(solved: int, seconds: int) -> None:
        profile = Profile(handle="nila_v", solved=solved, mark=str(solved))
        at = now + timedelta(seconds=seconds)
        services.apply_profiles(found={claim.handle_id: profile}, at=at)

    read(118, 0)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            read(121, 1)
            waiting = pool.submit(at_once, [lambda: read(121, 2)])
            sleep(0.3)  # until it stands before the row
        waiting.result()
    assert Event.objects.filter(tag="ratings:problems:solved").count() == 1


def test_a_night_that_has_read_old_numbers_writes_them_over_no_newer_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice, bob = member("alice"), member("bob")
    handle, count = linked(alice).handle, queries.marks
    night_has_read, newer_is_written = ThreadEvent(), ThreadEvent()

    def dawdle(members: Collection[int], today: date) -> dict[str, dict[int, queries.Mark]]:
        found = count(members, today)
        if len(members) > 1:
            night_has_read.set()
            newer_is_written.wait(timeout=1)  # in vain: it waits for the night
        return found

    def rated(rating: int) -> None:
        profile = Profile(handle=handle.shown, rating=rating)
        services.apply_profiles(found={handle.pk: profile}, at=clock.now())
        services.refresh_standings(members=[alice.pk])

    def rated_meanwhile() -> None:
        night_has_read.wait(timeout=60)
        rated(1700)
        newer_is_written.set()

    rated(1500)
    monkeypatch.setattr(queries, "marks", dawdle)
    at_once([lambda: services.refresh_standings(members=[alice.pk, bob.pk]), rated_meanwhile])
    board = {"board__kind": "rating:codeforces", "board__period": Period.ALL}
    assert Standing.objects.get(**board).value == 1700
    assert Bucket.objects.get(**board).value == 1700
