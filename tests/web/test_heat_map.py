"""The components that show amounts: the heat map, bars, shares, the legend of a chart."""

from __future__ import annotations

import gzip
import re
from datetime import date

import pytest

from codetrack.web import samples
from codetrack.web.heat import Heat, draw
from tests.web.test_components import render, text

FRIDAY = date(2026, 11, 20)
MAP = '{% heat_map heat "Solved a day" note="Busiest: 3 on 20 Nov 2026." %}'


@pytest.fixture
def heat() -> Heat:
    counts = {FRIDAY: 3, date(2026, 11, 18): 9}
    return draw(counts, FRIDAY, lambda day: f"{counts.get(day, 0)} on {day.isoformat()}")


def test_it_is_a_table_with_a_caption_and_named_rows_and_columns(heat: Heat) -> None:
    html = render(MAP, heat=heat)
    assert "<caption>Solved a day, 17 November 2025 to 20 November 2026</caption>" in html
    rows = re.findall(r'<th scope="row">(\w+)</th>', html)
    assert rows == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    months = re.findall(r'<th scope="colgroup" colspan="(\d)">(\w+)</th>', html)
    assert months[:2] == [("2", "Nov"), ("5", "Dec")]


def test_it_scrolls_in_a_region_that_keys_can_reach(heat: Heat) -> None:
    html = render(MAP, heat=heat)
    assert '<div class="scroll end" role="region" tabindex="0" aria-label="Solved a day">' in html


def test_every_day_has_a_text_and_a_step_of_colour_only_when_there_is_something(
    heat: Heat,
) -> None:
    html = render(MAP, heat=heat)
    assert html.count("<i>0 on") == heat.days - 2
    assert '<td class="h4"><i>9 on 2026-11-18</i></td>' in html
    assert '<td class="h1 today"><i>3 on 2026-11-20</i></td>' in html
    assert html.count('class="to-come"') == 2


def test_the_legend_names_both_ends(heat: Heat) -> None:
    shown = text(MAP, heat=heat)
    assert shown.endswith("Busiest: 3 on 20 Nov 2026. Today is outlined. 0 9 or more")


def test_it_is_light() -> None:
    html = render(MAP, heat=samples.context()["heat"])
    assert len(gzip.compress(html.encode())) < 4000


@pytest.mark.parametrize(
    ("value", "most", "width"), [(0, 0, "0"), (0, 7, "0.0"), (1, 3, "33.3"), (5, 5, "100.0")]
)
def test_a_bar_is_as_long_as_its_part_of_the_most(value: int, most: int, width: str) -> None:
    html = render("{% bar value most %}", value=value, most=most)
    assert f'<rect width="{width}%"' in html
    assert 'aria-hidden="true"' in html


@pytest.mark.parametrize(
    ("value", "total", "shown"),
    [(0, 0, "–"), (0, 9, "0 %"), (1, 900, "under 1 %"), (1, 3, "33 %"), (9, 9, "100 %")],
)
def test_a_share_is_in_percent(value: int, total: int, shown: str) -> None:
    assert text("{% share value total %}", value=value, total=total) == shown


def test_a_chart_leaves_its_legend_to_a_page_that_has_one() -> None:
    chart = samples.context()["chart"]
    assert 'class="legend"' in render("{% rating_chart chart %}", chart=chart)
    assert 'class="legend"' not in render("{% rating_chart chart legend=False %}", chart=chart)
    legend = text('{% include "web/components/legend.html" %}', chart=chart)
    assert [name for name in ("Codeforces", "LeetCode", "CodeChef") if name not in legend] == []


def test_every_line_of_a_chart_has_a_style_of_its_own() -> None:
    html = render("{% rating_chart chart %}", chart=samples.context()["chart"])
    for style in ("main", "dash", "dot"):
        assert html.count(f'<path class="{style}"') == 1
    assert re.findall(r'<circle class="(\w+)"', html) == ["best", "dash", "dot"]
