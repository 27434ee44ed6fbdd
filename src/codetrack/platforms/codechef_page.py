"""What CodeChef's web pages say, as values: a profile, a table of submissions. No requests.

The data embedded in the scripts of a page are believed first, its visible text second.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from typing import Annotated

import msgspec
from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup
from bs4.filter import SoupStrainer

from .base import (
    UNNUMBERED,
    Activity,
    ChangedLayout,
    Profile,
    RatingChange,
    Tier,
    Verdict,
    fit,
)

IST = timezone(timedelta(hours=5, minutes=30))  # all times of CodeChef
PROVISIONAL_CONTESTS = 5  # fewer make a rating provisional
TIERS = (
    Tier(level=1, name="1★", floor=0),
    Tier(level=3, name="2★", floor=1400),
    Tier(level=5, name="3★", floor=1600),
    Tier(level=6, name="4★", floor=1800),
    Tier(level=7, name="5★", floor=2000),
    Tier(level=8, name="6★", floor=2200),
    Tier(level=9, name="7★", floor=2500),
)

# Most of a page is the same for everybody, or lists what the data tell too: not worth a tree.
SOMEBODY, SOMEBODY_ENDS = '<div class="user-profile-container"', "</aside>"
OTHER = re.compile(r"<section [^>]*problems-solved.*?</section>", re.DOTALL)
PARTS = SoupStrainer(
    class_=re.compile(
        r"(^|\s)(h2-style|user-details|contest-participated-count|widget-rating|rating-number)(\s|$)"
    )
)
SOLVED = re.compile(r"<h3>\s*Total Problems Solved:\s*(\d{1,6})\s*</h3>")
RATING = re.compile(r"(\d{1,5})\s*(\?)?")
NUMBER = re.compile(r"(\d{1,9})")

ROWS = SoupStrainer("tr")
TIME = re.compile(r"(\d\d?):(\d\d)\s*([AP]M)\s+(\d\d?)/(\d\d?)/(?:20)?(\d\d)", re.IGNORECASE)
AGO = re.compile(r"(\d{1,4})\s*(sec|min|hour|day)\w*\s+ago", re.IGNORECASE)
PROBLEM = re.compile(r"(?:/(\w{1,60}))?/problems/(\w{1,60})/?", re.ASCII)
SOLUTION = re.compile(r"/viewsolution/(\d{1,20})", re.ASCII)
SCORE = re.compile(r"\((\d{1,3})(?:\.\d+)?\)")
FULL_SCORE = 100
SECONDS = {"sec": 1, "min": 60, "hour": 3_600, "day": 86_400}
VERDICTS = {  # by how the word for it begins
    "accepted": Verdict.ACCEPTED,
    "partial": Verdict.PARTIAL,
    "wrong": Verdict.WRONG_ANSWER,
    "time": Verdict.TIME_LIMIT,
    "memory": Verdict.MEMORY_LIMIT,
    "runtime": Verdict.RUNTIME_ERROR,
    "compil": Verdict.COMPILE_ERROR,
    "running": Verdict.PENDING,
    "waiting": Verdict.PENDING,
    "pending": Verdict.PENDING,
}

type Rating = Annotated[int, msgspec.Meta(ge=-(2**15), lt=2**15)]
type Count = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]
type Key = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[^\x00]+$")]


class Row(msgspec.Struct):
    """One contest; numbers come as text. A penalty is told too, in keys that differ by its kind."""

    code: Key
    name: str
    end_date: str
    rating: Rating | None
    rank: Count | None


class Ratings(msgspec.Struct):
    #: On the scale of today; `all_old` is that before 2022.
    all: list[Row]


class Settings(msgspec.Struct):
    date_versus_rating: Ratings | None = None


class Day(msgspec.Struct):
    date: str  # with no zero in front: 2026-1-6
    value: Count  # 0 on a day when a streak was frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The rating as visitors see it; `number` is None for somebody without one."""

    number: int | None
    provisional: bool
    highest: int | None
    stars: int
    #: Among everybody and in the country; None for somebody inactive.
    places: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A row of the table of submissions; times are told to the minute."""

    id: str
    problem: str
    contest: str | None
    verdict: Verdict
    language: str
    at: datetime


# --- a profile


def read_profile(page: str, handle: str) -> Profile:
    """The account on a whole profile page, whose address ends in `handle`.

    Raises `ChangedLayout` when no rating is told in any way that we know: of somebody never rated
    the page says just that.
    """
    _, scripts = _parted(page)
    start = max(0, page.find(SOMEBODY))
    end = page.find(SOMEBODY_ENDS, start) if start else -1
    somebody, _ = _parted(page[start : end if end > 0 else None])
    soup = _soup(OTHER.sub("", somebody), PARTS)
    rows, shown = _rows(scripts), _shown(soup)
    if rows is None and shown is None:
        raise ChangedLayout("The profile pages of CodeChef look different: no rating was found.")
    handle = fit(_text(soup, ".user-details .m-username--link"), 80) or handle
    days, solved = _days(scripts), _number(SOLVED.search(page))
    contests = _number(NUMBER.search(_text(soup, ".contest-participated-count")))
    profile = Profile(
        handle=handle,
        contests=len(rows) if contests is None and rows else contests,
        solved=solved,
        texts={
            "name": fit(_text(soup, ".h2-style"), 300),
            "institution": fit(_institution(soup), 300),
        },
        mark=_mark(days, solved),
        history=None if rows is None else _history(handle, rows),
        activity=Activity(days=days),
    )
    return _rated(profile, shown)


def _rated(profile: Profile, shown: Shown | None) -> Profile:
    """With what it says of its rating. The history is nearer to the truth than the text."""
    told = [change.new for change in profile.history or ()]
    visible = shown.number if shown and profile.history is None else None
    rating = told[-1] if told else visible
    if rating is None:
        return profile
    best = max(rating, (shown and shown.highest) or 0, *told)
    places = shown.places if shown else (None, None)
    return replace(
        profile,
        rating=rating,
        max_rating=best,
        rank_name=f"{shown.stars}★" if shown and shown.stars else star(rating),
        max_rank_name=star(best),
        provisional=shown.provisional if shown else len(told) < PROVISIONAL_CONTESTS,
        global_rank=places[0],
        country_rank=places[1],
    )


def star(rating: int) -> str:
    """How many stars a rating has, as CodeChef writes it: `3★`."""
    return next((tier.name for tier in reversed(TIERS) if tier.floor <= rating), TIERS[0].name)


def _rows(scripts: Sequence[str]) -> list[Row] | None:
    """All rated contests; empty for somebody never rated, None where they are not told."""
    settings = _embedded(scripts, "jQuery.extend(Drupal.settings,", Settings)
    if settings is not None and settings.date_versus_rating is not None:
        return settings.date_versus_rating.all
    return _embedded(scripts, "var all_rating =", list[Row])


def _history(handle: str, rows: Sequence[Row]) -> tuple[RatingChange, ...]:
    """Oldest first. A row with no rating says nothing about it."""
    changes: list[RatingChange] = []
    for row in sorted(rows, key=lambda row: row.end_date):
        if row.rating is None:
            continue
        change = RatingChange(
            handle=handle,
            contest_key=row.code,
            contest_name=fit(row.name, 300),
            rank=row.rank or 0,
            old=changes[-1].new if changes else None,
            new=row.rating,
            at=_indian(row.end_date),
        )
        changes.append(change)
    return tuple(changes)


def _indian(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=IST).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ChangedLayout(f"CodeChef writes a time in a way we do not know: {error}.") from error


def _days(scripts: Sequence[str]) -> dict[date, int]:
    """Submissions by day, of the half years that the page shows."""
    days = _embedded(scripts, "var userDailySubmissionsStats =", list[Day]) or []
    try:
        counts = {date(*map(int, day.date.split("-"))): day.value for day in days}
    except (TypeError, ValueError, OverflowError) as error:
        raise ChangedLayout(f"CodeChef writes a day in a way we do not know: {error}.") from error
    return {day: count for day, count in counts.items() if count}


def _mark(days: Mapping[date, int], solved: int | None) -> str:
    """Differs once something was submitted: CodeChef does not tell when somebody was there."""
    last = max(days, default=None)
    return f"{last}:{days[last]}/{solved}" if last else f"/{solved}"


def _embedded[T](scripts: Sequence[str], marker: str, kind: type[T]) -> T | None:
    """The JSON behind a marker in the scripts of a page; None where there is no marker."""
    script = next((text for text in scripts if marker in text), None)
    if script is None:
        return None
    _, _, rest = script.partition(marker)
    try:
        # No regular expression: the name of a contest may hold any bracket or semicolon.
        found, _ = json.JSONDecoder().raw_decode(rest.lstrip())
        return msgspec.convert(found, kind, strict=False)
    except (ValueError, RecursionError) as error:
        raise ChangedLayout(f"CodeChef’s data are built in another way: {error}.") from error


def _shown(soup: BeautifulSoup) -> Shown | None:
    """The first rating on the page: a hidden block further down has that of something else."""
    block = soup.select_one("#rating-block-all") or soup
    number = block.select_one(".rating-number")
    if number is None:
        return None
    rating = RATING.match(number.get_text().strip())
    ranks = [strong.get_text().strip() for strong in block.select(".rating-ranks strong")]
    places = [_number(NUMBER.fullmatch(rank)) for rank in [*ranks, "", ""]]
    return Shown(
        number=_number(rating) or None,
        provisional=bool(rating and rating[2]),
        highest=_number(NUMBER.search(_text(block, ".rating-header small"))),
        stars=len(block.select(".rating-star span")),
        places=(places[0], places[1]),
    )


def _institution(soup: BeautifulSoup) -> str:
    for row in soup.select(".user-details li"):
        if _text(row, "label").lower().startswith("institution"):
            return _text(row, "span")
    return ""


# --- the table of submissions


def read_submissions(content: str, now: datetime) -> list[Submission]:
    """The rows of the table, the newest first; `now` is what its "minutes ago" refer to."""
    rows = [row.find_all("td") for row in _soup(content, ROWS).find_all("tr")]
    # One with fewer cells is a heading, or says that there is nothing.
    return [_submission(row, now) for row in rows if len(row) > 1]


def _submission(cells: Sequence[Tag], now: datetime) -> Submission:
    if len(cells) < 4:
        raise ChangedLayout("The submissions on CodeChef are listed in another way.")
    when, task, result, language = cells[:4]
    link = task.select_one("a[href]")
    problem = PROBLEM.search(str(link["href"])) if link else None
    if problem is None:
        raise ChangedLayout("The submissions on CodeChef do not tell their problems any more.")
    at = _when(f"{when.get('title') or ''} {when.get_text(' ')}", now)
    spoken = _text(language) or str(language.get("title") or "")
    verdict = _verdict(result)
    seen = next((SOLUTION.search(str(a["href"])) for a in cells[-1].select("a[href]")), None)
    # A solution that nobody may see has no number, or not before the contest is over.
    unseen = sha256(f"{problem[2]} {at.isoformat()} {verdict} {spoken}".encode()).hexdigest()[:20]
    return Submission(
        id=seen[1] if seen else f"{UNNUMBERED}{unseen}",
        problem=problem[2],
        contest=None if problem[1] in {None, "PRACTICE"} else problem[1],
        verdict=verdict,
        language=fit(spoken, 60),
        at=at,
    )


def _when(text: str, now: datetime) -> datetime:
    exact, ago = TIME.search(text), AGO.search(text)
    if ago and not exact:
        return now - timedelta(seconds=int(ago[1]) * SECONDS[ago[2].lower()])
    if exact is None:
        raise ChangedLayout("The submissions on CodeChef tell their time in another way.")
    hour, minute, half, day, month, year = exact.groups()
    late = 12 if half.upper() == "PM" else 0
    return _indian(f"20{year}-{month:0>2}-{day:0>2} {int(hour) % 12 + late:02}:{minute}")


def _verdict(result: Tag) -> Verdict:
    """The word is a title, since a picture stands for it; a score stands below in brackets."""
    titled = result.select_one("[title]")
    word = str(titled["title"] if titled else result.get_text()).strip().lower()
    verdict = next((v for begin, v in VERDICTS.items() if word.startswith(begin)), Verdict.OTHER)
    score = SCORE.search(result.get_text())
    if verdict is Verdict.ACCEPTED and score and int(score[1]) < FULL_SCORE:
        return Verdict.PARTIAL
    return verdict


# --- markup


def _parted(markup: str) -> tuple[str, list[str]]:
    """The markup without its scripts, and what stands in them; in one pass, whatever it is."""
    rest, scripts = [], []
    *closed, last = markup.split("</script>")
    for part in closed:
        before, _, script = part.partition("<script")
        rest.append(before)
        scripts.append(script.partition(">")[2])
    return "".join([*rest, last]), scripts


def _soup(markup: str, parts: SoupStrainer) -> BeautifulSoup:
    # In a box, since BeautifulSoup warns of what begins like XML or like the name of a file.
    try:
        return BeautifulSoup(f"<div>{markup}</div>", "lxml", parse_only=parts)
    except ParserRejectedMarkup as error:
        raise ChangedLayout("A page of CodeChef cannot be read.") from error


def _text(part: Tag, selector: str = "") -> str:
    """The text of a part, or of the first one in it that is selected; empty without one."""
    found = part.select_one(selector) if selector else part
    return " ".join(found.get_text().split()) if found else ""


def _number(match: re.Match[str] | None) -> int | None:
    return int(match[1]) if match else None
