"""What the navigation offers to whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from codetrack.web import menu


class Member:
    is_authenticated = True
    username = "nila"


@pytest.fixture(autouse=True)
def empty_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "_items", [])


def seen(path: str = "/", user: Any = None) -> list[menu.Entry]:
    request = RequestFactory().get(path)
    request.user = user or Member()  # type: ignore[assignment]
    return menu.entries(menu.NAV, request)


def item(label: str, url: Any = "web:help", **more: Any) -> menu.Item:
    return menu.Item(place=menu.NAV, label=label, url=url, **more)


def test_entries_stand_in_order_whoever_registered_first() -> None:
    menu.register(item("Last", order=90), item("First", order=10))
    assert [entry.label for entry in seen()] == ["First", "Last"]


def test_a_visitor_sees_only_what_is_for_everyone() -> None:
    menu.register(item("Members"), item("Help", visible=menu.everyone))
    assert [entry.label for entry in seen(user=AnonymousUser())] == ["Help"]


def test_an_address_may_depend_on_the_user() -> None:
    menu.register(item("My page", url=lambda user: f"/members/{user.username}/"))
    assert seen()[0].url == "/members/nila/"


def test_the_entry_that_fits_the_address_best_is_current() -> None:
    menu.register(
        item("Members", url=lambda user: "/members/"),
        item("My page", url=lambda user: "/members/nila/"),
    )
    assert [entry.label for entry in seen("/members/nila/contests/") if entry.current] == [
        "My page"
    ]
    assert [entry.label for entry in seen("/members/bob/") if entry.current] == ["Members"]
    assert not any(entry.current for entry in seen("/docs/"))


def test_an_entry_can_own_more_than_its_address() -> None:
    menu.register(item("Settings", url="web:appearance", within=("/settings/", "/accounts/")))
    assert seen("/settings/tokens/")[0].current
    assert seen("/accounts/email/")[0].current
    assert not seen("/docs/")[0].current


def test_other_places_are_not_mixed_in() -> None:
    menu.register(menu.Item(place=menu.SETTINGS, label="Handles", url="web:help"))
    assert seen() == []


def test_the_same_item_is_there_once() -> None:
    same = item("Members")
    menu.register(same)
    menu.register(same)
    assert len(seen()) == 1
