"""A pretend CodeChef over real HTTP: its web pages and lists, in the platform's shapes."""

import html
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, override
from zlib import crc32

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from codetrack.platforms.codechef import CodeChef

from .history import DAY, Result, Round, Sent, Task
from .platform import Direct, PretendPlatform, Reply
from .world import Account, NoSuchAccount, World

KEY = CodeChef.key
IST = timezone(timedelta(hours=5, minutes=30))
ON_A_PAGE = 12  # submissions
PAST = 20  # contests in the list
PROVISIONAL = 5  # contests
IDLE = 365 * DAY  # after which nobody has a place any more
COLOURS = ("#666666", "#1E7D22", "#3366CC", "#684273", "#FFBF00", "#FF7F00", "#D0011B")
WORDS = {
    "OK": "accepted",
    "WRONG_ANSWER": "wrong answer",
    "TIME_LIMIT_EXCEEDED": "time limit exceeded",
    "MEMORY_LIMIT_EXCEEDED": "memory limit exceeded",
    "RUNTIME_ERROR": "runtime error(SIGSEGV)",
    "COMPILATION_ERROR": "compilation error",
    "TESTING": "running..",
}
NOTE = "This server pretends to be CodeChef for the demo club. Everybody is invented."

HEAD = """<!DOCTYPE html>
<html xml:lang="en" lang="en" dir="ltr">
<head>
  <meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
  <title>{title} | CodeChef</title>
{data}</head>
<body class="sidebar-right">
<main class="content"><aside class="breadcrumbs">{note}</aside>
"""
DATA = """<script type="text/javascript">
<!--//--><![CDATA[//><!--
jQuery.extend(Drupal.settings, {settings});
//--><!]]>
</script>
"""
PROFILE = """<div class="user-profile-container"><div class="row">
<div class="content-area small-8 columns"><div class="user-details-container plr10">
  <header><h1 class="h2-style">{name}</h1></header>
  <section class="user-details"><ul class="side-nav">
    <li><label>Username:</label><span><span class='rating'>{stars}&#9733;</span>
      <span class='m-username--link'>{handle}</span></span></li>
    <li><label>Country:</label><span><span class="user-country-name">{country}</span></span></li>
    <li><label>Student/Professional:</label><span>Student</span></li>{institution}
  </ul></section>
  <div class="rating-title-container"><h3>Rating Graph</h3>
    <div class="contest-participated-count">
      No. of Contests Participated: <b>{contests}</b></div></div>
  <section class="rating-data-section problems-solved">
    <h3>Contests ({contests}) </h3>
    <h3>Total Problems Solved: {solved}</h3></section></div></div>
<aside class="sidebar small-4 columns pr0"><div class="widget pl0 pr0 widget-rating">
  <div class="content">{rating}{other}</div></div></aside></div></div>
"""
INSTITUTION = """
    <li><label>Institution:</label><span>{0}</span></li>"""
BLOCK = """
    <div id="rating-block-{key}"{style}><div class="rating-header text-center">
      <div class="rating-number">
        {number}                </div>
      <div class="rating-star">{stars}</div>
      <a href="/ratings"><strong>{title} Rating</strong></a>
      <small>(Highest Rating {highest})</small></div>
    <div class="rating-ranks"><ul class="inline-list">
      <li><a href="/ratings/{key}"><strong>
          {world}                </strong></a> Global Rank</li>
      <li><a href="/ratings/{key}?filterBy=Country"><strong>
          {country}                </strong></a> Country Rank</li></ul></div></div>"""
STAR = '<span style="background-color:{0}">&#9733;</span>'
TOOLTIP = """<a class="tooltips rating-tooltip" target="_blank"
    href="https://discuss.codechef.com/t/elo-mmr-ratings-go-live-on-codechef/102184/31">i
    <span class="tooltiptext">Provisional Rating, click to know more</span>
    </a>"""
SCRIPTS = """<script type="text/javascript">
    var all_rating = {ratings};
    var current_user_rating = all_rating.length > 0 ? all_rating[all_rating.length - 1].rating : 0;
</script>
<script>
    $(function () {{
        var userDailySubmissionsStats = {days};
        var heatmapInstance = $('#js-heatmap').heatmap(userDailySubmissionsStats);
    }});
</script>
"""
FOOT = """</main><footer class="l-footer"><p class="cc-trademark-text">{note}</p></footer></body>
</html>
"""
TABLE = """<table class="dataTable"><thead><tr><th>Time</th><th>Problem</th><th>Result</th>
<th>Lang</th><th>Solution</th></tr></thead><tbody>{0}</tbody></table>"""
ROW = """<tr >
  <td  title='{time}'><span class='tooltips'><i class='fa fa-clock-o'></i>
    <span class='tooltiptext'>{time}</span></span></td>
  <td  title='{code}'><a href='{folder}/problems/{code}' title='' target='_blank'>{code}</a></td>
  <td  title='{score}'><span title='{word}'><span>{score}</span><span></span></span></td>
  <td  title='{language}'>{language}</td>
  <td class="centered" title='View'><a class='centered' href='/viewsolution/{id}'>View</a></td>
</tr>"""
NOTHING = "<tr><td colspan='5' align='center'>No Recent Activity</td></tr>"


class Site:
    """The pages and lists over a world, without HTTP."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lists: dict[str, Callable[[Mapping[str, str]], object]] = {
            "recent/user": self.recent,
            "api/list/contests/all": self.contests,
            "api/list/problems": self.problems,
        }

    def answer(self, path: str, params: Mapping[str, str]) -> Reply:
        """Of a list, or of `users/` and a handle."""
        if path in self.lists:
            return Reply(200, msgspec.json.encode(self.lists[path](params)))
        try:
            account = self.world.find(path.removeprefix("users/"))
        except NoSuchAccount:
            return _page("Page not found", "<h1>Page not found</h1>", status=404)
        return self.profile(account)

    def profile(self, account: Account) -> Reply:
        rows, sent = [_row(result) for result in account.results], self.world.attempts(account)
        solved = {one.task.key for one in sent if one.verdict == "OK"}
        settings: dict[str, Any] = {
            "basePath": "/",
            "visitedContests": [],
            "username": None,
            "user_consented_privacy_policy_version": None,
            "user_consented_privacy_policy_on": None,
            "current_privacy_policy_version": None,
            "currentUser": account.handle,
            "maxSetMembersCount": 100,
            "date_versus_rating": {"all": rows, "all_old": [], "dsa_monday": []},
            "user_initial_ratings": {"all": 1_000, "all_old": 1_000, "dsa_monday": 1_000},
            "provisional_rating_contest_limit": PROVISIONAL,
            "rating_shift_to_elo_rating_date": "2022-12-20 00:00:00",
            "rating_shift_to_elo_rating_code": "RATING_SHIFT_TO_ELO_RATING_CODE",
        }
        institution = html.escape(account.texts["institution"])
        about = PROFILE.format(
            name=html.escape(account.name),
            handle=html.escape(account.handle),
            stars=_stars(account.rating),
            country=html.escape(account.place.country),
            institution=INSTITUTION.format(institution) if institution else "",
            contests=len(rows),
            solved=len(solved),
            rating=self._rating(account),
            other=_block("dsa-monday", "DSA", f"0?{TOOLTIP}"),
        )
        scripts = SCRIPTS.format(ratings=_php(rows), days=_php(self._days(sent)))
        title = f"{account.handle} | CodeChef User Profile for {account.name}"
        return _page(title, about + scripts, data=DATA.format(settings=_php(settings)))

    def recent(self, params: Mapping[str, str]) -> object:
        try:
            sent = self.world.attempts(self.world.find(params.get("user_handle", "")))
        except NoSuchAccount:
            sent = []
        start = int(params.get("page", 0)) * ON_A_PAGE
        rows = [self._submission(one) for one in sent[start : start + ON_A_PAGE]]
        table = TABLE.format("".join(rows) or NOTHING)
        return {"max_page": math.ceil(len(sent) / ON_A_PAGE), "content": table}

    def contests(self, params: Mapping[str, str]) -> object:
        """The contest of all divisions of a date is one, without the letter of a division."""
        now, unique = self.world.clock(), {_parent(game.key): game for game in self.world.rounds}
        games = [game for key, game in unique.items() if key]
        past = [game for game in reversed(games) if game.end <= now]
        return {
            "status": "success",
            "message": "All contests list",
            "present_contests": [_contest(game) for game in games if game.start <= now < game.end],
            "future_contests": [_contest(game) for game in games if now < game.start],
            "practice_contests": [],
            "past_contests": [_contest(game) for game in past[:PAST]],
        }

    def problems(self, params: Mapping[str, str]) -> object:
        tasks = {task.key: task for task in self.world.catalogue()}
        rows = [self._problem(task) for task in tasks.values()]
        rows.sort(key=lambda row: int(row["difficulty_rating"]))
        limit = int(params.get("limit", 20))
        start = int(params.get("page", 0)) * limit
        shown = rows[start : start + limit]
        message = "Problems list fetched"
        return {"status": "success", "message": message, "count": len(rows), "data": shown}

    def _rating(self, account: Account) -> str:
        rating, results = account.rating, account.results
        if rating is None:
            return _block("all", "CodeChef", "NA")
        idle = results[-1].at < self.world.clock() - IDLE
        stars, doubt = _stars(rating), TOOLTIP if len(results) < PROVISIONAL else ""
        return _block(
            "all",
            "CodeChef",
            f"{rating}?{doubt}" if doubt else str(rating),
            stars=STAR.format(COLOURS[stars - 1]) * stars,
            highest=account.max_rating or 0,
            place=None if idle else round(170_000 * math.exp((800 - max(rating, 800)) / 280)) + 1,
        )

    def _days(self, sent: Iterable[Sent]) -> list[dict[str, Any]]:
        """Those of this year and the last, with no zero in front of a number."""
        first = _time(self.world.clock()).year - 1
        counts = Counter(_time(one.at).date() for one in sent)
        return [
            {"date": f"{day.year}-{day.month}-{day.day}", "value": counts[day]}
            for day in sorted(counts)
            if day.year >= first
        ]

    def _submission(self, sent: Sent) -> str:
        contest = self.world.round(sent.task.round).key if sent.role == "CONTESTANT" else ""
        return ROW.format(
            time=_time(sent.at).strftime("%I:%M %p %d/%m/%y"),
            code=sent.task.key,
            folder=contest and f"/{contest}",
            score="(100)" if contest and sent.verdict == "OK" else "",
            word=WORDS[sent.verdict],
            language=sent.language,
            id=sent.id,
        )

    def _problem(self, task: Task) -> dict[str, Any]:
        rating = self.world.rating_of(task)
        return {
            "id": str(crc32(task.key.encode()) % 100_000),
            "code": task.key,
            "name": task.name,
            "difficulty_rating": "-1" if rating is None else str(rating),
            "contest_code": None,
        }


def adapter(world: World, base_url: str | None = None) -> CodeChef:
    """The real adapter over a world, without HTTP: how the demo club gets its first data."""
    return CodeChef(Direct(Site(world).answer, CodeChef.home_url), base_url)


class PretendCodeChef(PretendPlatform):
    """The server."""

    key, name = KEY, CodeChef.name
    renamed = {
        b"Drupal.settings": b"Site.settings",
        b"all_rating": b"ratings",
        b"rating-number": b"rating-value",
        b'"content"': b'"rows"',
        b"_contests": b"Contests",
        b'"data"': b'"items"',
    }

    @override
    def routes(self) -> Iterable[Route]:
        return (
            Route("/users/edit", self.settings),
            Route("/users/{handle}", self.user),
            *(Route(f"/{path}", self.call) for path in Site(self.world).lists),
        )

    async def user(self, request: Request) -> Response:
        """An old handle leads to the new one."""
        asked = request.path_params["handle"]
        try:
            handle = self.world.find(asked).handle
        except NoSuchAccount:
            handle = asked
        if handle.lower() != asked.lower():
            return RedirectResponse(handle)
        return await self.send(lambda: Site(self.world).answer(f"users/{asked}", {}))

    async def call(self, request: Request) -> Response:
        path = request.url.path.removeprefix(request.scope.get("root_path", "")).strip("/")
        return await self.send(lambda: Site(self.world).answer(path, request.query_params))


def _row(result: Result) -> dict[str, Any]:
    """A contest in `date_versus_rating`: every number is text."""
    end = _time(result.round.end)
    return {
        "code": result.round.key,
        "getyear": str(end.year),
        "getmonth": str(end.month),
        "getday": str(end.day),
        "reason": None,
        "penalised_in": None,
        "rating": str(result.new),
        "rank": str(result.rank),
        "name": result.round.name,
        "end_date": end.strftime("%Y-%m-%d %H:%M:%S"),
        "color": COLOURS[_stars(result.new) - 1],
    }


def _contest(game: Round) -> dict[str, Any]:
    start, end = _time(game.start), _time(game.end)
    return {
        "contest_code": _parent(game.key),
        "contest_name": game.name,
        "contest_start_date": start.strftime("%d %b %Y  %H:%M:%S"),
        "contest_end_date": end.strftime("%d %b %Y  %H:%M:%S"),
        "contest_start_date_iso": start.isoformat(),
        "contest_end_date_iso": end.isoformat(),
        "contest_duration": str(game.seconds // 60),
        "distinct_users": game.field,
    }


def _parent(key: str) -> str:
    """START200D is the fourth division of START200."""
    return re.sub(r"(?<=\d)[A-D]$", "", key)


def _block(
    key: str,
    title: str,
    number: str,
    *,
    stars: str = "",
    highest: int = 0,
    place: int | None = None,
) -> str:
    return BLOCK.format(
        key=key,
        title=title,
        number=number,
        stars=stars,
        highest=highest,
        world=place or "Inactive",
        country=math.ceil(place * 0.9) if place else "Inactive",
        style="" if key == "all" else ' style="display:none"',
    )


def _page(title: str, text: str, *, data: str = "", status: int = 200) -> Reply:
    head = HEAD.format(title=html.escape(title), data=data, note=NOTE)
    return Reply(status, f"{head}{text}{FOOT.format(note=NOTE)}".encode(), "text/html")


def _php(value: object) -> str:
    """JSON as PHP writes it: no tag can end in it."""
    return msgspec.json.encode(value).decode().replace("/", "\\/")


def _stars(rating: int | None) -> int:
    tier = CodeChef.tier(rating)
    return CodeChef.tiers.index(tier) + 1 if tier else 1


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, IST)
