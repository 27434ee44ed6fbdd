"""What pages say so that they can follow the news: their place, their parts, what those show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import transaction
from django.test import Client

from codetrack.accounts.models import User
from codetrack.core import events
from codetrack.live.topics import allowed
from codetrack.ratings import services
from tests.cast import Cast
from tests.home.conftest import Browser, Rated

PART = re.compile(
    r'id="(?P<id>[\w-]+)" data-live="(?P<topics>[^"]+)" hx-get="(?P<url>[^"]+)"'
    r'(?: hx-select="#(?P<select>[\w-]+)")?'
)
FOLLOWING = [
    "/dashboard/",
    "/members/alice/",
    "/members/alice/history/",
    "/members/alice/submissions/",
    "/settings/handles/",
]


@dataclass(frozen=True, kw_only=True)
class Happened(events.Payload):
    tag: ClassVar[str] = "tests:happened"


def happen() -> int:
    with transaction.atomic():
        events.record(Happened())
    events.sequence()
    return events.last()


def html_of(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def part_of(html: str) -> re.Match[str]:
    [part] = [one for one in PART.finditer(html) if one["id"] in {"page", "handles", "proof"}]
    return part


@pytest.mark.parametrize("path", FOLLOWING)
def test_a_part_listens_to_what_its_reader_may_hear_and_finds_itself_again(
    cast: Cast, rated: Rated, browser: Browser, path: str
) -> None:
    rated(cast.alice, 1400, 1450)
    client = browser(cast.alice)
    part = part_of(html_of(client, path))
    topics = set(part["topics"].split())
    assert f"member:{cast.alice.pk}" in topics
    assert allowed(cast.alice, topics) == topics
    again = html_of(client, part["url"], **{"HX-Request": "true"})
    assert f'id="{part["select"]}"' in again


def test_the_page_of_another_member_listens_to_that_member(
    cast: Cast, rated: Rated, browser: Browser
) -> None:
    rated(cast.bob, 1400)
    assert part_of(html_of(browser(cast.alice), "/members/bob/"))["topics"] == (
        f"member:{cast.bob.pk}"
    )


def test_the_dashboard_listens_to_the_institute_as_well(cast: Cast, browser: Browser) -> None:
    topics = part_of(html_of(browser(cast.alice), "/dashboard/"))["topics"]
    assert f"institute:{cast.institute.pk}" in topics.split()
    outside = part_of(html_of(browser(cast.charlie), "/dashboard/"))["topics"]
    assert "institute" not in outside


def test_a_part_keeps_the_state_of_its_address(cast: Cast, rated: Rated, browser: Browser) -> None:
    rated(cast.alice, 1400, 1450)
    html = html_of(browser(cast.alice), "/members/alice/?period=all")
    assert part_of(html)["url"] == "/members/alice/?period=all"


def test_the_answer_to_a_form_stays_as_it_is(cast: Cast, browser: Browser) -> None:
    """What was typed and what is wrong with it are not at the address of the page."""
    answer = browser(cast.alice).post("/settings/handles/codeforces/link/", {"text": "!"})
    html = answer.content.decode()
    assert "cannot be a Codeforces handle" in html
    assert 'data-live="' not in html.partition("<main")[2].partition("<footer")[0]


def test_a_proof_is_followed_until_it_has_succeeded(cast: Cast, browser: Browser) -> None:
    claim = services.link_handle(member=cast.alice, platform="codeforces", text="nila_v")
    path = f"/settings/handles/{claim.pk}/proof/"
    part = part_of(html_of(browser(cast.alice), path))
    assert (part["topics"], part["url"]) == (f"account:{cast.alice.pk}", path)


# --- the place a page was made at


def place_of(html: str) -> int | None:
    found = re.search(r'<ct-live [^>]*data-after="(\d+)"', html)
    return int(found[1]) if found else None


def test_a_page_tells_its_place_in_the_order_of_events(cast: Cast, browser: Browser) -> None:
    client = browser(cast.alice)
    assert place_of(html_of(client, "/dashboard/")) == events.last()
    seq = happen()
    assert place_of(html_of(client, "/dashboard/")) == seq


def test_the_place_is_asked_for_before_anything_else_is_read(
    cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What happens while the page is made is told afterwards, not lost."""
    before = happen()
    client = browser(cast.alice)
    visible = User.objects.visible_to

    def happens_meanwhile(viewer: User) -> object:
        happen()
        return visible(viewer)

    monkeypatch.setattr("codetrack.accounts.queries.visible_to", happens_meanwhile)
    assert place_of(html_of(client, "/members/bob/")) == before
    assert events.last() > before


def test_visitors_and_parts_have_no_place(cast: Cast, browser: Browser) -> None:
    assert place_of(html_of(Client(), "/docs/")) is None
    client = browser(cast.alice)
    part = html_of(client, "/dashboard/", **{"HX-Request": "true"})
    assert place_of(part) is None


def test_a_page_that_fetches_itself_leaves_the_messages_to_the_next_page(
    cast: Cast, browser: Browser
) -> None:
    client = browser(cast.alice)
    claim = services.link_handle(member=cast.alice, platform="codeforces", text="nila_v")
    client.post(f"/settings/handles/{claim.pk}/unlink/")
    said = "nila_v is no longer linked."
    assert said not in html_of(client, "/dashboard/", **{"HX-Request": "true"})
    assert said in html_of(client, "/settings/handles/")
