"""What does it cost to read a CodeChef profile page? CPU time in one process, medians.

Against the whole tree of the page by `html.parser`, from which the same is then taken.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bs4 import BeautifulSoup

from benchmarks import common
from codetrack.platforms.codechef_page import read_profile
from tests.platforms.codechef_pages import contest, profile_page

HANDLE, ROUNDS, GOAL = "nila_v", 60, 5
CONTESTS, DAYS, CARDS, BADGES, LINKS, RULES = 50, 200, 30, 20, 90, 250

CARD = """
    <a href=/practice/arrays-{0}><div class='learning__card'><div class='title__container'>
      <img alt='learn-icon' src='https://cdn.codechef.com/images/icons/arrays-{0}.svg' />
      <div class='card__content'><div class='cardTitle__container'>
        <p class='card__title'>Practice Arrays, part {0}</p></div>
      <div class='progress tooltips rating-tooltip'><div class='fill' style='width: 4%'></div>
        <span class='tooltiptext tooltiptextWidth'>4%</span></div></div></div></div></a>"""
SOLVED = """<div class='content'><h5><span style='font-size: 14px;color:#000;'>Starters {0} (Rated)
    </span></h5><p><span><span style="font-size: 12px";>A Long Walk</span>,&nbsp;<span
    style="font-size: 12px";>Two Boxes</span>,&nbsp;<span style="font-size: 12px";>Lanterns</span>
    </span></p></div>"""
BADGE = """<div class='badge'><div class='badge__image'><img src='/bronze.svg' alt='Badge'/></div>
  <div><p class='badge__title'>Contender {0}</p><p class='badge__description'>Received for
  <span class='badge__goal'>{0}</span> Contests</p></div></div>"""
LINK = (
    "<div class='l-footer__link'><a href='/roadmap/{0}' class='m-footer__link'>Learn {0}</a></div>"
)
RULE = "    .rating-tooltip-{0} {{\n        position: relative;\n        top: {0}px;\n    }}\n"
CODE = "                svgElement.setAttribute('x', {0} * (cellSize + cellSpacing));\n"


def main() -> int:
    page = realistic_page()
    assert ours(page) == full_tree(page), "both have to find the same"
    mine, theirs = cpu(lambda: ours(page)), cpu(lambda: full_tree(page))
    print(f"A page of {len(page) / 1_000:.0f} kB with {page.count('</')} elements")
    return common.last_line(
        "parse",
        f"{mine:.1f} ms, {theirs / mine:.1f} x less",
        f"html.parser {theirs:.1f} ms",
        f">= {GOAL} x less",
        met=theirs >= GOAL * mine,
    )


def realistic_page() -> str:
    """As long as that of somebody who has been there for years, and mostly not about them."""
    ends = [date(2025, 1, 1) + timedelta(weeks=number) for number in range(CONTESTS)]
    rows = [
        contest(f"START{number}D", str(1_300 + number), end_date=f"{end} 22:00:06")
        for number, end in enumerate(ends)
    ]
    days = [{"date": f"2026-{1 + n % 12}-{1 + n // 12}", "value": n % 9 + 1} for n in range(DAYS)]
    page = profile_page(HANDLE, rows, name="Nila Varghese", institution="Harbour", days=days)
    lists = "".join(map(CARD.format, range(CARDS))) + "".join(map(SOLVED.format, range(CONTESTS)))
    links = "".join(map(LINK.format, range(LINKS)))
    for before, more in (
        ("</head>", f"<style>\n{''.join(map(RULE.format, range(RULES)))}</style>"),
        ("<aside ", f"<header class='m-header-one'>{links}</header>"),
        ("<h3>Total Problems", lists),
        ("</aside></div></div>", "".join(map(BADGE.format, range(BADGES)))),
        ("</main>", f"<script>\n{''.join(map(CODE.format, range(RULES)))}</script>"),
        ("</footer>", links),
    ):
        page = page.replace(before, more + before, 1)
    return page


def ours(page: str) -> dict[str, Any]:
    profile = read_profile(page, HANDLE)
    assert profile.history is not None and profile.activity is not None
    return {
        "rating": (profile.rating, profile.max_rating, profile.rank_name),
        "places": (profile.global_rank, profile.country_rank),
        "counts": (profile.contests, profile.solved),
        "texts": dict(profile.texts),
        "history": [(change.contest_key, change.new, change.rank) for change in profile.history],
        "days": dict(profile.activity.days),
    }


def full_tree(page: str) -> dict[str, Any]:
    """How it is usually done: everything into a tree, then what is wanted out of it."""
    soup = BeautifulSoup(page, "html.parser")
    scripts = [script.get_text() for script in soup.find_all("script")]
    rows = _json(scripts, "jQuery.extend(Drupal.settings, ")["date_versus_rating"]["all"]
    rows.sort(key=lambda row: row["end_date"])
    days = _json(scripts, "var userDailySubmissionsStats = ")
    block = soup.select("#rating-block-all")[0]
    ranks = [int(place.get_text()) for place in block.select(".rating-ranks strong")]
    heading = next(h3 for h3 in soup.find_all("h3") if "Total Problems" in h3.get_text())
    institution = next(li for li in soup.select(".user-details li") if "Instit" in li.get_text())
    return {
        "rating": (
            int(rows[-1]["rating"]),
            _number(block.select(".rating-header small")[0].get_text()),
            f"{len(block.select('.rating-star span'))}★",
        ),
        "places": (ranks[0], ranks[1]),
        "counts": (
            _number(soup.select(".contest-participated-count")[0].get_text()),
            _number(heading.get_text()),
        ),
        "texts": {
            "name": soup.select("h1.h2-style")[0].get_text(),
            "institution": institution.select("span")[0].get_text(),
        },
        "history": [(row["code"], int(row["rating"]), int(row["rank"])) for row in rows],
        "days": {date(*map(int, day["date"].split("-"))): int(day["value"]) for day in days},
    }


def _json(scripts: list[str], marker: str) -> Any:
    text = next(script for script in scripts if marker in script)
    return json.JSONDecoder().raw_decode(text, text.index(marker) + len(marker))[0]


def _number(text: str) -> int:
    return int(re.findall(r"\d+", text)[-1])


def cpu(read: Callable[[], object]) -> float:
    """Milliseconds of CPU, the median of some rounds after one that does not count."""
    read()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        read()
        times.append(time.process_time() - start)
    return 1_000 * statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
