"""`make screenshots`: a picture of every page, light and dark, wide and narrow, in gallery/."""

from __future__ import annotations

import shutil
import tempfile
from html import escape
from pathlib import Path

from tests.browser.chromium import Scheme, chromium
from tests.browser.site import PLACES, Place, Site
from tests.running import Club

FOLDER = Path(__file__).resolve().parents[2] / "gallery"
WIDTHS = (1280, 360)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
INDEX = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Gallery of CodeTrack</title>
<style>
  body {{ font: 16px/1.5 system-ui; margin: 24px; color-scheme: light dark }}
  div {{ display: grid; grid-template-columns: 3fr 3fr 1fr 1fr; gap: 12px; align-items: start }}
  img {{ width: 100%; border: 1px solid #8888 }}
</style>
<h1>Every page of CodeTrack</h1>
{pages}
</html>
"""


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with (
        tempfile.TemporaryDirectory() as data,
        Club(Path(data) / "demo", "demo", CODETRACK_JUDGE_WORKERS="1") as club,
        chromium() as browser,
    ):
        site = Site(browser, club.url)
        pages = [_page(site, place) for place in PLACES]
    (FOLDER / "index.html").write_text(INDEX.format(pages="\n".join(pages)))
    print(f"{len(PLACES)} pages, {FOLDER / 'index.html'}")  # noqa: T201


def _page(site: Site, place: Place) -> str:
    """Take the pictures of a page; returns their part of the index."""
    names = []
    for width in WIDTHS:
        for scheme in SCHEMES:
            visit = site.visit(place.who, width=width, scheme=scheme)
            visit.page.goto(site.path(place))
            names.append(f"{place.name}-{width}-{scheme}.png")
            visit.page.screenshot(path=FOLDER / names[-1], full_page=True)
            visit.close()
    pictures = "".join(
        f'<a href="{name}"><img src="{name}" alt="{escape(name)}" loading="lazy"></a>'
        for name in names
    )
    return f"<h2>{escape(place.name)} ({place.who})</h2><div>{pictures}</div>"


if __name__ == "__main__":
    main()
