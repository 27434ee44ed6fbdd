"""Theme and keys are kept in cookies, with and without script."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_a_visitor_chooses_dark_and_stays_on_the_page(client: Client) -> None:
    answer = client.post(reverse("web:theme"), {"theme": "dark", "next": "/docs/"})
    assert answer["Location"] == "/docs/"
    assert b'data-theme="dark"' in client.get("/docs/").content


def test_an_unknown_theme_is_the_system_s(client: Client) -> None:
    client.post(reverse("web:theme"), {"theme": "<b>", "next": "/docs/"})
    assert client.cookies["theme"].value == "system"


@pytest.mark.parametrize(
    "target",
    [
        *("https://evil.example/", "//evil.example", "javascript:alert(1)", ""),
        *("abc", "9999", "a\0b", "home:start"),
    ],
)
def test_no_redirect_leaves_the_site(client: Client, target: str) -> None:
    assert client.post(reverse("web:theme"), {"theme": "dark", "next": target})["Location"] == "/"


def test_a_link_cannot_change_the_theme(client: Client) -> None:
    assert client.get(reverse("web:theme")).status_code == 405


def test_a_forged_cookie_is_ignored(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    assert b'data-theme="system"' in client.get("/docs/").content


def test_single_letter_keys_can_be_switched_off(client: Client) -> None:
    client.post(reverse("web:appearance"), {"theme": "light"})
    page = client.get("/docs/").content
    assert b'data-single-keys="off"' in page
    assert b'data-theme="light"' in page


def test_single_letter_keys_can_be_switched_on_again(client: Client) -> None:
    client.post(reverse("web:appearance"), {"theme": "light"})
    client.post(reverse("web:appearance"), {"theme": "light", "keys": "on"})
    assert b"data-single-keys" not in client.get("/docs/").content
