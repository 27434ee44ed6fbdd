"""Who asks now and then is told the same as who listens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from codetrack.accounts import services
from codetrack.accounts.models import User
from codetrack.core import events
from tests.cast import Cast
from tests.live.clients import Happened, happen

pytestmark = pytest.mark.django_db(transaction=True)

type Asks = Callable[..., dict[str, object]]


@pytest.fixture
def ask(client: Client) -> Asks:
    """Asks as this member."""

    def of(user: User, topics: str, **more: int) -> dict[str, object]:
        client.force_login(user)
        asked: dict[str, str | int] = {"topics": topics, **more}
        answer = client.get("/api/events/", asked)
        assert answer.status_code == 200, answer.content
        content: dict[str, object] = answer.json()
        return content

    return of


def test_what_happened_since_is_told(ask: Asks, cast: Cast) -> None:
    topic, institute = f"member:{cast.alice.pk}", f"institute:{cast.institute.pk}"
    place = happen(topic, number=1)
    happen("member:404", number=2)
    last = happen(topic, institute, f"account:{cast.bob.pk}", number=3)
    assert ask(cast.alice, f"{topic},{institute}", after=place) == {
        "seq": last,
        "resync": False,
        "listening": sorted([topic, institute]),
        "refused": [],
        "events": [
            {
                "seq": last,
                "tag": "tests:thing:happened",
                "topics": [topic, institute],
                "data": {"number": 3, "ballast": ""},
            }
        ],
    }


def test_who_asks_for_the_institute_alone_learns_no_more_than_a_socket(
    ask: Asks, cast: Cast
) -> None:
    topic, institute = f"member:{cast.alice.pk}", f"institute:{cast.institute.pk}"
    place = events.last()
    last = happen(topic, institute, number=3)
    told = {"seq": last, "tag": "live:something:changed", "topics": [institute], "data": {}}
    assert ask(cast.bob, institute, after=place)["events"] == [told]


def test_the_first_question_is_told_where_to_begin(ask: Asks, cast: Cast) -> None:
    last = happen(f"member:{cast.alice.pk}")
    answer = ask(cast.alice, f"member:{cast.alice.pk}")
    assert (answer["seq"], answer["events"], answer["resync"]) == (last, [], False)


def test_when_nothing_happened_the_place_stays(ask: Asks, cast: Cast) -> None:
    place = happen(f"member:{cast.alice.pk}")
    answer = ask(cast.alice, f"member:{cast.alice.pk}", after=place)
    assert (answer["seq"], answer["events"], answer["resync"]) == (place, [], False)


def test_what_one_may_not_see_is_refused(ask: Asks, cast: Cast) -> None:
    place = events.last()
    topics = [f"member:{cast.alice.pk}", f"institute:{cast.institute.pk}", "nonsense"]
    happen(*topics)
    answer = ask(cast.charlie, ",".join(topics), after=place)
    assert answer["refused"] == sorted(topics)
    assert answer["events"] == [] and answer["listening"] == []


def test_too_much_is_fetched_anew(ask: Asks, cast: Cast) -> None:
    topic = f"member:{cast.alice.pk}"
    place = happen(topic)
    with transaction.atomic():
        for number in range(257):
            events.record(Happened(number=number), topics=[topic])
    answer = ask(cast.alice, topic, after=place)
    assert (answer["seq"], answer["events"], answer["resync"]) == (place + 257, [], True)
    assert len(ask(cast.alice, topic, after=place + 1)["events"]) == 256  # type: ignore[arg-type]


def test_a_place_in_the_future_is_answered_by_a_resync(ask: Asks, cast: Cast) -> None:
    last = happen(f"member:{cast.alice.pk}")
    answer = ask(cast.alice, "", after=last + 1)
    assert (answer["seq"], answer["resync"]) == (last, True)


@pytest.mark.parametrize(
    "asked", [{"after": -1}, {"after": "x"}, {"after": 2**63}, {"topics": "x" * 2_001}]
)
def test_what_cannot_be_used_is_said(client: Client, cast: Cast, asked: dict[str, str]) -> None:
    client.force_login(cast.alice)
    assert client.get("/api/events/", asked).status_code == 422


def test_who_is_not_signed_in_is_told_nothing(client: Client) -> None:
    assert client.get("/api/events/?topics=member:1").status_code == 401


def test_a_program_asks_by_its_token(cast: Cast) -> None:
    _token, secret = services.create_token(owner=cast.alice, name="test", may_write=False)
    program = Client(headers={"authorization": f"Bearer {secret}"})
    answer = program.get("/api/events/", {"topics": f"account:{cast.alice.pk}"})
    assert answer.json()["listening"] == [f"account:{cast.alice.pk}"]
