"""The geometry of a rating chart in percent, so that text and dots never stretch. No Django here.

Positions leave this file as text ("12.34"): a template would write numbers as the reader does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

STYLES = ("main", "dash", "dot", "long", "mixed")
LABEL_GAP = 7.0  # percent of the height that two labels at the right end keep apart
MONTH = timedelta(days=31)
STEPS = (50, 100, 200, 250, 500, 1000)


@dataclass(frozen=True)
class Point:
    """One rated contest. `at` is aware; `change` is None when there was no rating before."""

    at: datetime
    value: int
    title: str
    detail: str = ""
    url: str = ""
    change: int | None = None


@dataclass(frozen=True)
class Band:
    """A tier: from `floor` up to the floor of the next band. Bands are given in rising order."""

    floor: int
    level: int
    name: str


@dataclass(frozen=True)
class Series:
    """One line. `bands` are the tiers of its points, when they are not those of the picture."""

    name: str
    key: str
    points: Sequence[Point]
    bands: Sequence[Band] | None = None


@dataclass(frozen=True)
class Stripe:
    """A band as far as it is in the picture: top and height in percent from above."""

    y: str
    height: str
    level: int
    name: str
    named: bool


@dataclass(frozen=True)
class Tick:
    position: str
    value: int = 0
    at: datetime | None = None
    anchor: str = "middle"


@dataclass(frozen=True)
class Dot:
    """A point with its place and its tier."""

    x: str
    y: str
    point: Point
    series: str
    tier: Band | None
    best: bool = False

    @property
    def anchor(self) -> str:
        """How a label at this place stands so that it stays inside the picture."""
        x = float(self.x)
        return "start" if x < 8 else "end" if x > 92 else "middle"


@dataclass(frozen=True)
class Line:
    name: str
    key: str
    style: str
    path: str
    dots: list[Dot]
    label_y: str = "0"

    @property
    def first(self) -> Dot:
        return self.dots[0]

    @property
    def last(self) -> Dot:
        return self.dots[-1]


@dataclass(frozen=True)
class Chart:
    """Everything the template draws; `rows` is the same data for the table, newest first."""

    lines: list[Line] = field(default_factory=list)
    stripes: list[Stripe] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    days: list[Tick] = field(default_factory=list)
    rows: list[Dot] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not self.lines

    @property
    def day_style(self) -> str:
        """How dates are written below: by day while two of them may stand in one month."""
        first, second, *_ = (day.at for day in self.days if day.at)
        return "j M Y" if second - first < MONTH else "M Y"

    @property
    def dense(self) -> bool:
        """The main line has too many contests for a dot each."""
        return bool(self.lines) and len(self.lines[0].dots) > 90

    @property
    def best(self) -> Dot:
        return next(dot for dot in self.lines[0].dots if dot.best)

    @property
    def first(self) -> Dot:
        return self.rows[-1]


@dataclass(frozen=True)
class _Scale:
    start: datetime
    end: datetime
    low: int
    high: int

    def x(self, at: datetime) -> float:
        return 1 + 98 * ((at - self.start) / (self.end - self.start))

    def y(self, value: float) -> float:
        return 100 - 100 * (value - self.low) / (self.high - self.low)


def draw(series: Iterable[Series], bands: Sequence[Band] = ()) -> Chart:
    """The chart of all series that have points; the first one is drawn as the main line."""
    drawn = [one for one in series if one.points]
    if not drawn:
        return Chart()
    scale = _scale([point for one in drawn for point in one.points])
    lines = _apart(
        [_line(one, style, scale, bands) for one, style in zip(drawn, STYLES, strict=False)]
    )
    dots = [dot for line in lines for dot in line.dots[::-1]]
    return Chart(
        lines=lines,
        stripes=_stripes(bands, scale),
        ticks=_ticks(bands, scale),
        days=_days(scale),
        rows=sorted(dots, key=lambda dot: dot.point.at, reverse=True),
    )


def spark(values: Sequence[float], width: int = 112, height: int = 40) -> tuple[str, str, str]:
    """Path, and x and y of the last value, of a line without axes inside a frame of 3 units."""
    low, high = min(values), max(values)
    step = (width - 6) / max(len(values) - 1, 1)
    rise = (height - 6) / ((high - low) or 1)
    spots = [(3 + i * step, height - 3 - (value - low) * rise) for i, value in enumerate(values)]
    path = " ".join(f"{x:.1f} {y:.1f}" for x, y in spots)
    return f"M{path}", f"{spots[-1][0]:.1f}", f"{spots[-1][1]:.1f}"


def _scale(points: Sequence[Point]) -> _Scale:
    start, end = min(p.at for p in points), max(p.at for p in points)
    if end - start < timedelta(days=30):
        start, end = start - timedelta(days=15), end + timedelta(days=15)
    low, high = min(p.value for p in points), max(p.value for p in points)
    room = max(50, (high - low) // 10)
    return _Scale(start, end, (low - room) // 50 * 50, -(-(high + room) // 50) * 50)


def _line(series: Series, style: str, scale: _Scale, bands: Sequence[Band]) -> Line:
    points = sorted(series.points, key=lambda point: point.at)
    tiers = bands if series.bands is None else series.bands
    best = max(points, key=lambda point: point.value)
    dots = [
        Dot(
            x=_text(scale.x(point.at)),
            y=_text(scale.y(point.value)),
            point=point,
            series=series.name,
            tier=tier_of(point.value, tiers),
            best=point is best,
        )
        for point in points
    ]
    path = "M" + " ".join(f"{dot.x} {dot.y}" for dot in dots)
    return Line(series.name, series.key, style, path, dots)


def tier_of(value: int, bands: Sequence[Band]) -> Band | None:
    """The highest band whose floor is reached; the first one has no bottom."""
    return next(
        (band for band in reversed(bands) if band.floor <= value), bands[0] if bands else None
    )


def _stripes(bands: Sequence[Band], scale: _Scale) -> list[Stripe]:
    if not bands:
        return []
    found = []
    tops = [band.floor for band in bands[1:]] + [scale.high]
    floors = [scale.low] + [band.floor for band in bands[1:]]
    for band, bottom, top in zip(bands, floors, tops, strict=True):
        floor, ceiling = max(bottom, scale.low), min(top, scale.high)
        height = scale.y(floor) - scale.y(ceiling)
        if height > 0:
            y = _text(scale.y(ceiling))
            found.append(Stripe(y, _text(height), band.level, band.name, named=height > LABEL_GAP))
    return found


def _ticks(bands: Sequence[Band], scale: _Scale) -> list[Tick]:
    """Where tiers begin, and round numbers where that leaves too much unmarked."""
    step = next((step for step in STEPS if (scale.high - scale.low) / step <= 6), STEPS[-1])
    borders = [band.floor for band in bands[1:] if scale.low < band.floor < scale.high]
    rounds = range(-(-scale.low // step) * step, scale.high + 1, step)
    marked = _spread(borders, [], scale, LABEL_GAP - 1)
    marked = _spread(rounds, marked, scale, 3 * LABEL_GAP)
    return [Tick(_text(scale.y(value)), value=value) for value in sorted(marked)]


def _spread(values: Iterable[int], marked: list[int], scale: _Scale, gap: float) -> list[int]:
    """`marked` and those of `values` that keep a distance of `gap` percent from all before them."""
    kept = list(marked)
    for value in values:
        if all(abs(scale.y(value) - scale.y(other)) >= gap for other in kept):
            kept.append(value)
    return kept


def _days(scale: _Scale) -> list[Tick]:
    """Five dates at equal distances; the outer two stay inside the picture."""
    span = scale.end - scale.start
    anchors = ("start", "middle", "middle", "middle", "end")
    return [
        Tick(
            _text(scale.x(scale.start + span * i / 4)), at=scale.start + span * i / 4, anchor=anchor
        )
        for i, anchor in enumerate(anchors)
    ]


def _apart(lines: list[Line]) -> list[Line]:
    """Places the label of each line beside its end, pushed down where two would touch."""
    heights = {line.key: float(line.last.y) for line in lines}
    order = sorted(lines, key=lambda line: heights[line.key])
    for above, below in pairwise(order):
        heights[below.key] = max(heights[below.key], heights[above.key] + LABEL_GAP)
    return [
        Line(one.name, one.key, one.style, one.path, one.dots, _text(heights[one.key]))
        for one in lines
    ]


def _text(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
