"""Naming an account on a platform."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from pytest_django import Settings

from codetrack.accounts.models import User
from codetrack.core.errors import Conflict, Problem, TooMany
from codetrack.core.models import Event, Job
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Handle

type Link = Callable[..., Claim]


@pytest.mark.parametrize(
    "text",
    [
        "Nila_V",
        "@nila_v",
        "  nila_v ",
        "https://codeforces.com/profile/Nila_V",
        "codeforces.com/profile/nila_v?locale=en",
    ],
)
def test_a_handle_is_known_in_every_form(alice: User, link: Link, text: str) -> None:
    claim = link(alice, text)
    assert claim.handle.canonical == "nila_v"
    assert claim.verified_at is None
    assert claim.handle.state == Handle.State.NEW


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("leetcode", "https://leetcode.com/u/nila_v/"),
        ("leetcode", "https://leetcode.com/Nila_V/"),
        ("leetcode", "leetcode.com/u/nila_v/?tab=submissions"),
        ("leetcode", "@nila_v"),
        ("codechef", "https://www.codechef.com/users/nila_v"),
        ("codechef", "codechef.com/users/nila_v/"),
        ("codechef", "nila_v"),
    ],
)
def test_every_platform_knows_its_links_old_and_new(alice: User, platform: str, text: str) -> None:
    claim = services.link_handle(member=alice, platform=platform, text=text)
    assert (claim.platform, claim.handle.canonical) == (platform, "nila_v")


def test_the_link_of_one_platform_is_no_handle_of_another(alice: User) -> None:
    link = "https://codeforces.com/profile/nila_v"
    with pytest.raises(Problem, match="is not LeetCode"):
        services.link_handle(member=alice, platform="leetcode", text=link)


def test_one_handle_of_each_platform_is_linked(alice: User) -> None:
    for platform in ("codeforces", "leetcode", "codechef"):
        services.link_handle(member=alice, platform=platform, text="nila_v")
    assert Claim.objects.open().filter(member=alice).count() == Handle.objects.count() == 3


@pytest.mark.parametrize("text", ["no spaces", "ab", "https://example.org/profile/nila_v", ""])
def test_what_can_be_no_handle_is_refused_with_a_reason(alice: User, link: Link, text: str) -> None:
    with pytest.raises(Problem) as refused:
        link(alice, text)
    assert refused.value.field == "text"
    assert refused.value.message
    assert not Claim.objects.exists()


def test_an_unknown_platform_is_refused(alice: User) -> None:
    with pytest.raises(Problem, match="does not follow"):
        services.link_handle(member=alice, platform="myspace", text="tom")


def test_a_platform_that_is_switched_off_is_refused(
    alice: User, link: Link, settings: Settings
) -> None:
    off = {**settings.PLATFORMS["codeforces"], "enabled": False}
    settings.PLATFORMS = {"codeforces": off}
    with pytest.raises(Problem, match="does not follow"):
        link(alice)


def test_linking_asks_for_the_first_reading_and_records_one_event(alice: User, link: Link) -> None:
    claim = link(alice)
    [event] = Event.objects.filter(tag="ratings:handle:linked")
    assert event.actor_id == alice.pk
    assert event.data == {"handle_id": claim.handle_id, "platform": "codeforces"}
    [job] = Job.objects.filter(task__endswith="sync_handles")
    assert job.args["args"] == ["codeforces", [claim.handle_id]]


def test_naming_the_same_handle_twice_is_one_claim(alice: User, link: Link) -> None:
    assert link(alice, "nila_v") == link(alice, "https://codeforces.com/profile/NILA_V")
    assert Claim.objects.count() == Event.objects.filter(tag="ratings:handle:linked").count() == 1


def test_a_second_handle_of_a_platform_is_refused(alice: User, link: Link) -> None:
    link(alice, "nila_v")
    with pytest.raises(Conflict, match="unlink it first") as refused:
        link(alice, "tourist")
    assert refused.value.field == "text"


def test_several_members_may_name_one_handle(alice: User, bob: User, link: Link) -> None:
    assert link(alice).handle == link(bob).handle
    assert Handle.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_submit_makes_one_claim(transactional_db: None) -> None:
    alice = User.objects.create_user("alice", "alice@example.org", "correct horse")

    def submit(number: int) -> Claim:
        try:
            return services.link_handle(member=alice, platform="codeforces", text="nila_v")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        claims = set(pool.map(submit, range(4)))
    assert len(claims) == Claim.objects.count() == Handle.objects.count() == 1


@pytest.mark.usefixtures("clock")
def test_nobody_names_one_account_after_the_other(alice: User, link: Link) -> None:
    for number in range(10):
        services.unlink_handle(claim=link(alice, f"nila_{number}"), by=alice)
    with pytest.raises(TooMany):
        link(alice, "nila_10")
