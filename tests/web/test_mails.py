"""Every mail of allauth in our words: text and HTML alike, one action, why it came."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string

from codetrack.core import clock

LINKED = {
    "email_confirmation_signup": "activate_url",
    "email_confirmation": "activate_url",
    "password_reset_key": "password_reset_url",
    "account_already_exists": "password_reset_url",
    "unknown_account": "signup_url",
}
NOTICES = [
    "email_changed",
    "email_confirm",
    "email_deleted",
    "password_changed",
    "password_reset",
    "password_set",
]
URL = "https://club.example/way/?a=1&b=2"
CONTEXT = {
    "site_url": "https://club.example",
    "from_email": "old@example.org",
    "to_email": "new@example.org",
    "deleted_email": "gone@example.org",
    "ip": "192.0.2.7",
    "user_agent": "Firefox <b>145</b>",
    "timestamp": clock.now(),
}


def mail(name: str, kind: str, **more: object) -> str:
    return render_to_string(f"account/email/{name}_message.{kind}", {**CONTEXT, **more})


@pytest.mark.parametrize("name", [*LINKED, *NOTICES])
def test_the_subject_is_one_short_line(name: str) -> None:
    subject = render_to_string(f"account/email/{name}_subject.txt").strip()
    assert 10 < len(subject) < 60
    assert "\n" not in subject


@pytest.mark.parametrize(("name", "variable"), LINKED.items())
def test_there_is_one_action(name: str, variable: str) -> None:
    assert mail(name, "txt", **{variable: URL}).count(URL) == 1
    buttons = re.findall(
        r'<a href="([^"]+)" style="display:inline-block', mail(name, "html", **{variable: URL})
    )
    assert buttons == [URL.replace("&", "&amp;")]


@pytest.mark.parametrize("name", [*LINKED, *NOTICES])
@pytest.mark.parametrize("kind", ["txt", "html"])
def test_it_says_why_it_came(name: str, kind: str) -> None:
    body = mail(name, kind)
    assert "You get this mail because" in body
    assert "https://club.example" in body


@pytest.mark.parametrize("name", NOTICES)
def test_a_change_says_where_it_came_from(name: str) -> None:
    assert "192.0.2.7" in mail(name, "txt")
    assert "Firefox &lt;b&gt;145&lt;/b&gt;" in mail(name, "html")


@pytest.mark.parametrize("name", [*LINKED, *NOTICES])
def test_plain_text_is_plain(name: str) -> None:
    body = mail(name, "txt", **dict.fromkeys(LINKED.values(), URL))
    assert "&amp;" not in body
    assert not re.search(r"<(?!b>|/b>)", body)
