"""The pages of the frame, and what every page of the site has in common."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings as site
from django.template import engines
from django.test import Client
from pytest_django import Settings

PACKAGE = Path(site.PACKAGE)
TEMPLATES = sorted(
    path for folder in PACKAGE.glob("*/templates") for path in folder.rglob("*.html")
)
PAGES = [path for path in TEMPLATES if not {"email", "mail"} & set(path.parts)]
FRAME_PAGES = ["/docs/", "/styleguide/", "/settings/appearance/", "/accounts/login/"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", FRAME_PAGES)
class TestEveryPage:
    def test_has_one_heading_and_its_landmarks(self, client: Client, address: str) -> None:
        html = client.get(address).content.decode()
        assert html.count("<h1") == 1
        for landmark in ("<header", "<main", "<footer"):
            assert landmark in html

    def test_begins_with_the_way_to_the_content(self, client: Client, address: str) -> None:
        body = client.get(address).content.decode().partition("<body")[2]
        assert re.search(r"<(?:a|button|input)\b[^>]*", body)[0] == '<a class="skip" href="#main"'  # type: ignore[index]

    def test_has_help_in_the_same_place(self, client: Client, address: str) -> None:
        footer = client.get(address).content.decode().partition("<footer")[2]
        assert re.search(r'<li><a href="/docs/">', footer)

    def test_loads_nothing_from_elsewhere(self, client: Client, address: str) -> None:
        html = client.get(address).content.decode()
        assert re.findall(r'(?:src|srcset|action)="(?:https?:)?//[^"]+', html) == []
        assert re.findall(r'<link[^>]+href="(?:https?:)?//', html) == []

    def test_has_a_title_of_its_own(self, client: Client, address: str) -> None:
        title = re.search(r"<title>(.*?)</title>", client.get(address).content.decode(), re.DOTALL)
        assert title
        assert re.fullmatch(r"\S.* · CodeTrack", title[1].strip())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_compiles(path: Path) -> None:
    engines["django"].from_string(path.read_text())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_page_has_inline_style_or_script(path: Path) -> None:
    """The content security policy would block them, and each would be a report."""
    source = path.read_text()
    assert not re.search(r"""\sstyle=["']|\son\w+=["']|hx-on|<style|javascript:""", source)
    assert not re.search(r"<script(?![^>]*(?:\bsrc=|application/json))", source)


def test_first_load_fits_its_budget() -> None:
    """The promise is 60 KB of script and style, compressed; ours is half and shall stay so."""
    dist = PACKAGE / "web" / "static" / "dist"
    entry = json.loads((dist / "manifest.json").read_text())["entries/main.ts"]
    files = [entry["file"], *entry["css"]]
    size = sum(len(gzip.compress((dist / file).read_bytes(), 9)) for file in files)
    assert size < 35_000


def test_a_shared_link_shows_the_title_of_its_page(client: Client) -> None:
    page = client.get("/docs/").content.decode()
    assert "<title>Help · CodeTrack</title>" in page
    assert '<meta property="og:title" content="Help">' in page


@pytest.mark.django_db
def test_style_guide_is_offered_to_those_who_build_and_not_to_a_club(
    client: Client, settings: Settings
) -> None:
    assert "/styleguide/" not in client.get("/docs/").content.decode()
    settings.DEMO = True
    assert 'href="/styleguide/"' in client.get("/docs/").content.decode()


def test_settings_begin_with_the_profile(client: Client) -> None:
    answer = client.get("/settings/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/settings/profile/")
