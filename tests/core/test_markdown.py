"""Markdown of members becomes HTML that is safe to show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetrack.core import markdown


def test_the_usual_marks() -> None:
    html = markdown.render("# Hi\n\n**bold** ~~gone~~ `code`\n\n| a |\n|---|\n| 1 |\n\n1. one")
    for piece in ["<h1>Hi</h1>", "<strong>bold", "<s>gone", "<code>code", "<td>1</td>", "<ol>"]:
        assert piece in html


def test_links_are_of_their_writer() -> None:
    html = markdown.render("[me](https://example.org)")
    assert html == '<p><a href="https://example.org" rel="nofollow ugc noopener">me</a></p>\n'


def test_code_keeps_its_language() -> None:
    assert '<code class="language-python">' in markdown.render("```python\nx\n```")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://tracker.example/pixel.png)",
        '<a href="https://x" onclick="x">x</a>',
        "<style>*{display:none}</style>",
    ],
)
def test_what_harms_is_only_text(text: str) -> None:
    html = markdown.render(text)
    for harm in [
        "<script",
        "<img",
        "<style",
        'href="javascript',
        'href="data',
        '<a href="https://x',
    ]:
        assert harm not in html


@given(st.text(max_size=300))
def test_any_text_gives_safe_html(text: str) -> None:
    html = markdown.render(text).lower()
    assert "<script" not in html and "<img" not in html
