"""An invented CodeChef as the adapter sees it, in the shape of the real pages."""

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from codetrack.platforms.base import Response

from .contract import answer

HEAD = """<!DOCTYPE html>
<html xml:lang="en" lang="en" dir="ltr">
<head>
  <title>{title} | CodeChef</title>
  <link rel="icon" href="https://cdn.codechef.com/favicon.ico" type="image/x-icon" />
"""
FOOT = """</main><footer class="l-footer"><p>© CodeChef</p></footer></body>
</html>
"""
TOOLTIP = """<a class="tooltips rating-tooltip" target="_blank" href="https://discuss.codechef.com/">i
    <span class="tooltiptext">Provisional Rating, click to know more</span>
    </a>"""


def contest(code: str, rating: object, **changes: Any) -> dict[str, Any]:
    """A row of `date_versus_rating`, a week after the one with the number before."""
    number = int("".join(filter(str.isdigit, code)))
    row = {
        "code": code,
        "getyear": "2026",
        "getmonth": "1",
        "getday": str(number % 28),
        "reason": None,
        "penalised_in": None,
        "rating": rating,
        "rank": str(90 * number),
        "name": f"Starters {number} (Rated)",
        "end_date": f"2026-01-{number % 28:02} 22:00:06",
        "color": "#3366CC",
    }
    return row | changes


def profile_page(
    handle: str,
    rows: Sequence[Mapping[str, Any]] = (),
    *,
    name: str = "",
    institution: str = "",
    settings: Mapping[str, Any] | None = None,
    **shown: Any,
) -> str:
    """The page of an account; `shown` are the visible figures where the rows do not tell them."""
    data = {
        "basePath": "/",
        "username": None,
        "currentUser": handle,
        "date_versus_rating": {"all": list(rows), "all_old": [], "dsa_monday": []},
        "provisional_rating_contest_limit": 5,
    }
    figures = {
        "number": rows[-1]["rating"] if rows else "NA",
        "highest": max((row["rating"] for row in rows if row["rating"]), default=0, key=str),
        "stars": 3 if rows else 0,
        "ranks": ("7407", "6483") if rows else ("Inactive", "Inactive"),
        "contests": len(rows),
        "solved": 75,
        "days": [{"date": "2026-1-6", "value": 15}, {"date": "2026-1-14", "value": "4"}],
    } | shown
    title = html.escape(f"{handle} | CodeChef User Profile for {name}")
    given = settings if settings is not None else data
    return "".join(
        [
            HEAD.format(title=title),
            f"<script>\njQuery.extend(Drupal.settings, {php(given)});\n</script></head><body>",
            '<main class="content"><aside class="breadcrumbs">Home</aside>',
            '<div class="user-profile-container"><div class="row">',
            _details(handle, name, institution, figures),
            _sidebar(figures),
            f"<script>var all_rating = {php(list(rows))};\n",
            f"  var userDailySubmissionsStats = {php(figures['days'])};\n</script>",
            FOOT,
        ]
    )


def php(value: object) -> str:
    """JSON as the pages have it: a tag never ends in it."""
    return json.dumps(value).replace("/", "\\/")


def _details(handle: str, name: str, institution: str, figures: Mapping[str, Any]) -> str:
    place = f"<li><label>Institution:</label><span>{html.escape(institution)}</span></li>"
    return f"""<div class="user-details-container plr10"><header>
  <img class='profileImage' src='https://cdn.codechef.com/default_thumb.jpg'/>
  <h1 class="h2-style">{html.escape(name)}</h1></header>
  <section class="user-details"><ul class="side-nav">
  <li><label>Username:</label><span><span class='rating'>3&#9733;</span>
    <span class='m-username--link'>{handle}</span></span></li>
  <li><label>Country:</label><span><span class="user-country-name">India</span></span></li>
  {place if institution else ""}
  </ul></section>
  <div class="contest-participated-count">
    No. of Contests Participated: <b>{figures["contests"]}</b></div>
  <section class="rating-data-section problems-solved">
    <h3>Contests ({figures["contests"]}) </h3>
    <div class='content'><h5>Starters 1 (Rated)</h5><p><span>A Long Walk</span></p></div>
    <h3>Total Problems Solved: {figures["solved"]}</h3></section></div>"""


def _sidebar(figures: Mapping[str, Any]) -> str:
    star = '<span style="background-color:#3366CC">&#9733;</span>'
    world, country = figures["ranks"]
    return f"""<aside class="sidebar small-4 columns pr0"><div class="widget pl0 pr0 widget-rating">
  <div class="content"><div id="rating-block-all"><div class="rating-header text-center">
  <div class="rating-number">
      {figures["number"]}                </div>
  <div>(Div 2)</div><div class="rating-star">{star * figures["stars"]}</div>
  <small>(Highest Rating {figures["highest"]})</small></div>
  <div class="rating-ranks"><ul class="inline-list">
    <li><a href="/ratings/all"><strong>{world}</strong></strong></a> Global Rank</li>
    <li><a href="/ratings/all"><strong> {country} </strong></a> Country Rank</li></ul></div></div>
  <div id="rating-block-dsa-monday" style="display:none"><div class="rating-number">
      0?{TOOLTIP}</div><small>(Highest Rating 0)</small></div>
  </div></div></aside></div></div>"""


def plain_page(title: str) -> str:
    """Another page of CodeChef: of a team, of something that is not there."""
    return f"{HEAD.format(title=title)}</head><body><main><h1>{title}</h1>{FOOT}"


def submission(number: int, verdict: str = "accepted", **changes: str) -> str:
    """A row of the table of submissions, at so many minutes past eight in the evening."""
    cells = {
        "time": f"08:{number % 60:02} PM 16/01/26",
        "href": "/START1D/problems/LONGWALK",
        "score": "",
        "language": "C++23",
        "solution": f"/viewsolution/{number}",
    } | changes
    code = cells["href"].rsplit("/", 1)[-1]
    view = f"<a class='centered' href='{cells['solution']}'>View</a>" if cells["solution"] else ""
    return f"""<tr >
  <td title='{cells["time"]}'><span class='tooltips'><i class='fa fa-clock-o'></i>
    <span class='tooltiptext'>{cells["time"]}</span></span></td>
  <td title='{code}'><a href='{cells["href"]}' title='' target='_blank'>{code}</a></td>
  <td title='{cells["score"]}'><span title='{verdict}'><img src='tick.gif' alt='status icon'>
    <span>{cells["score"]}</span><span></span></span></td>
  <td title='{cells["language"]}'>{cells["language"]}</td>
  <td class="centered" title='View'>{view}</td></tr>"""


def recent(rows: Iterable[str], max_page: int = 1) -> dict[str, Any]:
    """The answer of `recent/user`."""
    titles = "<tr><th>Time</th><th>Problem</th><th>Result</th><th>Lang</th><th>Solution</th></tr>"
    table = (
        f"<table class='dataTable'><thead>{titles}</thead><tbody>{''.join(rows)}</tbody></table>"
    )
    return {"max_page": max_page, "content": table}


# --- the site

ROWS = [contest("START11D", "1390"), contest("START12D", "1655"), contest("START13B", "1604")]
RATED = profile_page("nila_v", ROWS, name="Nila Varghese", institution="Harbour College")
PAGES_OF = {
    "nila_v": RATED,
    "quiet_koala": profile_page("quiet_koala", days=[], solved=0),
}
OLD_NAMES = {"nila_2019": "nila_v"}
SENT = [submission(number) for number in range(30, 0, -1)]
CONTESTS: dict[str, Any] = {
    "status": "success",
    "present_contests": [],
    "future_contests": [("START15", "2026-01-21T20:00:00+05:30", "2026-01-21T22:00:00+05:30")],
    "past_contests": [
        ("START13", "2026-01-13T20:00:00+05:30", "2026-01-13T22:00:00+05:30"),
        ("START14", "2026-01-14T20:00:00+05:30", "2026-01-14T22:30:00+05:30"),
    ],
}
CONTESTS |= {
    kind: [
        {
            "contest_code": code,
            "contest_name": f"Starters {code[5:]}",
            "contest_start_date": "13 Jan 2026  20:00:00",
            "contest_start_date_iso": start,
            "contest_end_date_iso": end,
            "contest_duration": "120",
            "distinct_users": 0,
        }
        for code, start, end in rows
    ]
    for kind, rows in CONTESTS.items()
    if kind != "status"
}
ON_A_PAGE = 12
PROBLEMS: list[dict[str, Any]] = [
    {"id": "1", "code": "LONGWALK", "name": "A Long Walk", "difficulty_rating": "1512"},
    {"id": "2", "code": "NEWONE", "name": "New One", "difficulty_rating": "-1"},
    {"id": "3", "code": "FOODSTEP", "name": "Food; Step by Step", "difficulty_rating": 700},
]


def at(url: str, page: str, status: int = 200) -> Response:
    return replace(answer(page.encode(), status), url=f"https://www.codechef.com{url}")


def world(path: str, params: Mapping[str, Any]) -> Response:
    """CodeChef as the adapter sees it, redirects followed."""
    folder, _, handle = path.rpartition("/")
    match folder:
        case "users":
            name = OLD_NAMES.get(handle.lower(), handle.lower())
            known = name in PAGES_OF
            page = PAGES_OF[name] if known else plain_page("Page not found")
            return at(f"/users/{name}", page, 200 if known else 404)
        case "recent":
            rows = SENT if params["user_handle"].lower() == "nila_v" else []
            start = int(params["page"]) * ON_A_PAGE
            return answer(recent(rows[start : start + ON_A_PAGE], -(-len(rows) // ON_A_PAGE)))
        case "api/list/contests":
            return answer(CONTESTS)
        case "api/list":
            return problems(params, PROBLEMS)
    raise AssertionError(path)


def problems(params: Mapping[str, Any], rows: list[dict[str, Any]], limit: int = 2) -> Response:
    start = int(params["page"]) * limit
    shown = rows[start : start + limit]
    return answer({"status": "success", "count": len(rows), "data": shown})
