"""How a member is told: kind by kind and channel by channel, with sane defaults."""

from __future__ import annotations

import pytest
from django.template.loader import get_template

from codetrack.accounts.models import User
from codetrack.core import notices
from codetrack.core.errors import Problem
from codetrack.core.models import Event
from codetrack.core.testing import run_jobs
from codetrack.notifications import queries, services
from codetrack.notifications.models import Delivery, Notice
from codetrack.notifications.services import preferences
from tests.cast import Cast
from tests.core.servers import MailServer
from tests.notifications.rows import QUEUES, linked, rate

pytestmark = pytest.mark.django_db

DEFAULTS = {
    "handle_lost": ["now", "now"],
    "handle_unreadable": ["now", "now"],
    "handle_verified": ["now", "off"],
    "membership_declined": ["now", "now"],
    "membership_started": ["now", "now"],
    "new_follower": ["now", "off"],
    "rank_gained": ["now", "now"],
    "rating_changed": ["now", "now"],
}


def shown(member: User) -> dict[str, list[str]]:
    return {row.kind.key: [cell.how for cell in row.cells] for row in queries.matrix(member)}


def test_the_defaults_are_sane(post: MailServer, alice: User) -> None:
    assert shown(alice) == DEFAULTS


def test_admins_choose_what_only_they_are_told(post: MailServer, cast: Cast) -> None:
    assert shown(cast.ada).keys() - DEFAULTS.keys() == {"membership_asked", "platform_blocked"}
    cast.institute.memberships.filter(member=cast.bob).update(is_admin=True)
    assert shown(cast.bob).keys() - DEFAULTS.keys() == {"membership_asked"}


def test_a_channel_that_is_not_there_has_no_column(alice: User) -> None:
    assert set(map(len, shown(alice).values())) == {1}
    with pytest.raises(Problem):
        services.set_preference(member=alice, kind="rank_gained", channel="email", how="off")


def test_what_is_chosen_is_shown_and_holds(post: MailServer, alice: User, bob: User) -> None:
    services.set_preference(member=alice, kind="rating_changed", channel="email", how="weekly")
    services.set_preference(member=alice, kind="rating_changed", channel="web", how="off")
    assert shown(alice)["rating_changed"] == ["off", "weekly"]
    assert shown(bob) == DEFAULTS
    rate(linked(alice), 1500, 1510)
    run_jobs(QUEUES)
    assert Delivery.objects.get().group == "weekly"
    assert queries.unread_count(alice) == 0


def test_with_all_switched_off_nothing_is_written(post: MailServer, alice: User) -> None:
    for channel in ("web", "email"):
        services.set_preference(member=alice, kind="rating_changed", channel=channel, how="off")
    rate(linked(alice), 1500, 1510)
    run_jobs(QUEUES)
    assert not Notice.objects.exists() and not Delivery.objects.exists()


def test_a_choice_is_an_event(post: MailServer, alice: User) -> None:
    services.set_preference(member=alice, kind="rank_gained", channel="email", how="daily")
    [event] = Event.objects.filter(tag="notifications:preference:set")
    assert event.actor_id == alice.pk
    assert event.data == {"kind": "rank_gained", "channel": "email", "how": "daily"}


@pytest.mark.parametrize(
    ("kind", "channel", "how"),
    [
        ("nonsense", "email", "now"),
        ("rank_gained", "pigeon", "now"),
        ("rank_gained", "email", "hourly"),
        ("rank_gained", "web", "daily"),
        ("handle_lost", "email", "off"),
        ("handle_lost", "email", "daily"),
    ],
)
def test_what_cannot_be_chosen_is_refused(
    post: MailServer, alice: User, kind: str, channel: str, how: str
) -> None:
    with pytest.raises(Problem):
        services.set_preference(member=alice, kind=kind, channel=channel, how=how)
    assert shown(alice) == DEFAULTS


@pytest.mark.parametrize("thread", ["", "x" * 81, "a\x00b", "a\nb"])
def test_a_thread_that_cannot_be_is_not_muted(alice: User, thread: str) -> None:
    with pytest.raises(Problem):
        services.mute(member=alice, thread=thread)


def test_every_kind_has_its_words() -> None:
    for kind in notices.kinds.values():
        get_template(f"{kind.template}.title.txt")  # raises when it is not there
        get_template(f"{kind.template}.txt")
        assert str(kind.why).startswith("You get this mail because") and str(kind.label)


def test_two_kinds_of_one_name_are_refused() -> None:
    register = notices.kind("x", key="rank_gained", label="", why="", defaults={})
    with pytest.raises(ValueError, match="two kinds"):
        register(lambda events: [])


def test_a_muted_thread_may_be_muted_again_where_no_other_may(
    monkeypatch: pytest.MonkeyPatch, alice: User
) -> None:
    monkeypatch.setattr(preferences, "MOST_MUTED", 1)
    for _ in range(2):
        services.mute(member=alice, thread="handle:1")
    with pytest.raises(Problem, match="very much"):
        services.mute(member=alice, thread="handle:2")
    assert [muted.key for muted in queries.muted_threads(alice)] == ["handle:1"]
