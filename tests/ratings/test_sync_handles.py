"""The jobs that read accounts, against a pretend Codeforces over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from codetrack.accounts.models import User
from codetrack.core.models import Event, Job
from codetrack.core.testing import HeldClock, run_jobs
from codetrack.demo.codeforces import Api
from codetrack.demo.servers import Pretend
from codetrack.ratings import reading, services, tasks
from codetrack.ratings.models import Claim, Contest, Handle, RatingChange, Solve

pytestmark = pytest.mark.usefixtures("clock")
threads = pytest.mark.django_db(transaction=True)  # they have connections of their own
type Link = Callable[..., Claim]


def account(pretend: Pretend, *, rated: bool = True) -> str:
    """Somebody of the pretend world."""
    people = pretend.world.everybody()
    return next(one.handle for one in people if (one.rating is not None) == rated)


def asked(pretend: Pretend, job: Callable[[], object]) -> int:
    """How many requests a job costs."""
    before = pretend.codeforces.requests
    job()
    return pretend.codeforces.requests - before


def claim_everybody(pretend: Pretend) -> list[int]:
    """Everybody of the pretend world is a member here, read up to now."""
    for one in pretend.world.everybody():
        member = User.objects.create_user(one.handle.lower()[:30], f"{one.handle}@example.org")
        services.link_handle(member=member, platform="codeforces", text=one.handle)
    Job.objects.all().delete()
    pks = list(Handle.objects.values_list("pk", flat=True))
    tasks.sync_handles.call("codeforces", pks)
    return pks


def test_linking_brings_rating_contests_and_solved_problems(
    alice: User, link: Link, pretend: Pretend
) -> None:
    name = account(pretend)
    claim = link(alice, name.upper())
    run_jobs()
    handle = Handle.objects.select_related("current").get()
    person = pretend.world.find(name)
    assert (handle.state, handle.shown) == (Handle.State.OK, name)
    assert handle.current is not None
    assert handle.current.rating == person.rating
    assert handle.current.max_rating == person.max_rating
    assert handle.current.contests == RatingChange.objects.count() == len(person.results)
    assert handle.current.solved == Solve.objects.count() > 0
    assert not handle.lacks_history
    assert not handle.lacks_attempts
    assert claim.verified_at is None
    left = Job.objects.exclude(status=Job.Status.DONE).exclude(task__endswith="read_round")
    left = left.exclude(task__endswith="announce")
    assert not left.exists()


def test_contests_get_their_dates_and_addresses(alice: User, link: Link, pretend: Pretend) -> None:
    link(alice, account(pretend))
    run_jobs()
    contest = Contest.objects.filter(rating_changes__isnull=False).first()
    assert contest is not None
    assert contest.starts_at is not None
    assert contest.url.endswith(f"/contest/{contest.key}")


def test_somebody_never_rated_is_read_without_a_history(
    alice: User, link: Link, pretend: Pretend
) -> None:
    link(alice, account(pretend, rated=False))
    assert asked(pretend, lambda: run_jobs(["sync"])) == 2
    handle = Handle.objects.select_related("current").get()
    assert handle.state == Handle.State.OK
    assert handle.current is not None
    assert (handle.current.rating, handle.current.contests) == (None, 0)


def test_an_unknown_handle_is_found_out(alice: User, link: Link, pretend: Pretend) -> None:
    link(alice, "nobody_at_all")
    run_jobs()
    assert Handle.objects.get().is_unknown


def test_a_known_account_with_nothing_new_costs_one_request(
    alice: User, link: Link, pretend: Pretend, clock: HeldClock
) -> None:
    claim = link(alice, account(pretend))
    run_jobs()
    events = Event.objects.filter(tag__startswith="ratings:")
    before = events.count()
    clock.forward(hours=4)
    services.request_refresh(handle=claim.handle, by=alice)
    assert asked(pretend, run_jobs) == 1
    assert events.count() == before + 1


@threads
def test_a_round_is_asked_for_as_a_whole(pretend: Pretend, clock: HeldClock) -> None:
    pks = claim_everybody(pretend)
    known = RatingChange.objects.count()
    rated = [one.handle for one in pretend.world.everybody() if one.rating is not None]
    clock.forward(hours=4)
    pretend.world.play(rated)
    clock.forward(hours=1)
    pretend.codeforces.requests = 0
    tasks.sync_handles.call("codeforces", pks)
    # One user.info, one user.rating to learn which round, one contest.ratingChanges, and
    # user.status of those who took part.
    assert pretend.codeforces.requests == 3 + len(rated)
    assert RatingChange.objects.count() == known + len(rated)
    for handle in Handle.objects.select_related("current"):
        assert handle.current is not None
        assert handle.current.rating == pretend.world.find(handle.shown).rating
        assert not handle.lacks_history


@threads
def test_a_job_that_is_run_again_asks_only_for_what_is_missing(pretend: Pretend) -> None:
    pks = claim_everybody(pretend)
    events = Event.objects.count()
    assert asked(pretend, lambda: tasks.sync_handles.call("codeforces", pks)) == 1
    assert Event.objects.count() == events


@threads
def test_many_accounts_are_read_in_portions(
    pretend: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PORTION", 5)
    for one in pretend.world.everybody():
        member = User.objects.create_user(one.handle.lower()[:30], f"{one.handle}@example.org")
        services.link_handle(member=member, platform="codeforces", text=one.handle)
    Job.objects.all().delete()
    Handle.objects.update(next_sync_at=tasks.clock.now())
    tasks.sync_due.call()
    run_jobs(["sync"])
    assert Job.objects.filter(task__endswith="sync_platform").count() == 3
    rows = Handle.objects.select_related("current")
    assert not any(row.lacks_history or row.lacks_attempts for row in rows)


@threads
def test_an_account_with_unreadable_attempts_does_not_keep_the_others_waiting(
    pretend: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, *others = pretend.world.everybody()
    answer = Api.user_status

    def user_status(api: Api, params: dict[str, str]) -> object:
        rows = answer(api, params)
        return {"odd": rows} if params["handle"] == one.handle else rows

    monkeypatch.setattr(Api, "user_status", user_status)
    claim_everybody(pretend)
    assert Handle.objects.get(shown=one.handle).state == Handle.State.CHANGED
    states = Handle.objects.exclude(shown=one.handle).values_list("state", flat=True)
    assert list(states) == [Handle.State.OK] * len(others)


def test_a_renamed_account_is_followed(alice: User, link: Link, pretend: Pretend) -> None:
    name = account(pretend)
    claim = link(alice, name)
    run_jobs()
    pretend.world.rename(name, "brand_new")
    services.request_refresh(handle=claim.handle, by=alice)
    run_jobs()
    claim.handle.refresh_from_db()
    assert (claim.handle.shown, claim.handle.state) == ("brand_new", Handle.State.OK)
