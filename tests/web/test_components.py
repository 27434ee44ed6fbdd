"""What the components of the template library give."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from codetrack.core import clock
from codetrack.web import samples
from codetrack.web.icons import ICONS
from codetrack.web.ui import Tab


def render(source: str, **context: Any) -> str:
    request = context.pop("request", None)
    bound = RequestContext(request, context) if request else Context(context)
    html = Template(source).render(bound)
    return re.sub(r">\s+<", "><", html).strip()


def text(source: str, **context: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", render(source, **context)).split())


@pytest.mark.parametrize("name", sorted(ICONS))
def test_every_icon_is_one_small_drawing(name: str) -> None:
    html = render("{% icon name %}", name=name)
    assert html.startswith(f'<svg class="icon i-{name}" viewBox="0 0 16 16" aria-hidden="true">')
    assert len(html) < 500


def test_an_icon_with_a_label_is_spoken() -> None:
    assert 'role="img" aria-label="verified &amp; safe"' in render(
        '{% icon "check" label=l %}', l="verified & safe"
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [(42, "+42"), (-18, "−18"), (0, "±0"), (None, "–"), (-1204, "−1,204")],
)
def test_a_change_carries_its_sign(value: int | None, shown: str) -> None:
    assert text("{% delta value %}", value=value) == shown


def test_numbers_are_grouped() -> None:
    assert text("{% number n %}", n=15240) == "15,240"


def test_a_tier_is_named_beside_its_number() -> None:
    assert text('{% tier 5 "Expert" 1847 %}') == "1847 Expert"
    assert 'class="tier t5"' in render('{% tier 5 "Expert" %}')


def test_no_rating_is_said_in_words() -> None:
    assert text("{% tier level %}", level=None) == "unrated"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Nila Varent", "NV"), ("nila_v", "NV"), ("Ada", "AD"), ("Ana de la Cruz", "AC"), ("", "")],
)
def test_initials(name: str, letters: str) -> None:
    assert text("{% avatar name %}", name=name) == letters


def test_names_cannot_smuggle_markup() -> None:
    html = render("{% person name url=url sub=name %}", name="<script>", url='"><b>')
    assert "<script>" not in html
    assert "<b>" not in html


def test_a_fresh_number_shows_its_age() -> None:
    html = render("{% age when %}", when=clock.now() - timedelta(hours=6))
    assert 'data-state="ok"' in html
    assert 'stroke-dasharray="0 6.0 18.0"' in html
    assert "6 h ago" in html


@pytest.mark.parametrize("state", ["stale", "blocked", "changed", "gone", "private"])
def test_a_number_that_could_not_be_read_says_why(state: str) -> None:
    words = text("{% age when state %}", when=clock.now() - timedelta(days=3), state=state)
    assert words.startswith("3 d ago ")
    assert len(words.split()) > 3


def test_what_was_never_read_has_no_age() -> None:
    assert text("{% age when %}", when=None) == "not read yet"


def test_a_moment_is_shown_in_the_zone_of_the_reader(settings: Any) -> None:
    from django.utils import timezone

    with timezone.override("Asia/Kolkata"):
        html = render("{% moment when %}", when=datetime(2026, 11, 21, 20, 0, tzinfo=UTC))
    assert "22 Nov 2026, 01:30" in html
    assert 'datetime="2026-11-22T01:30:00+05:30"' in html


def test_a_section_is_named_by_its_heading() -> None:
    html = render('{% section "Recent contests" note="The last eight." %}<i>x</i>{% endsection %}')
    assert 'aria-labelledby="recent-contests"' in html
    assert '<h2 id="recent-contests">Recent contests</h2><p>The last eight.</p>' in html
    assert "<i>x</i>" in html


def test_a_wide_table_scrolls_in_a_region_that_keys_can_reach() -> None:
    html = render("{% scroll label %}<table></table>{% endscroll %}", label="A & B")
    assert html.startswith('<div class="scroll" role="region" tabindex="0" aria-label="A &amp; B">')


def test_a_dialog_is_named_by_its_title() -> None:
    html = render('{% dialog "gone" "Delete?" %}<p>All of it.</p>{% enddialog %}')
    assert '<dialog class="dialog" id="gone" aria-labelledby="gone-title">' in html


def test_a_figure_does_not_inherit_what_it_was_not_given() -> None:
    source = '{% include "web/components/gauge.html" with title="Codeforces" value=None only %}'
    words = text(source, note="leaked", foot="leaked")
    assert words == "Codeforces – not rated yet"


def test_a_figure_shows_all_it_was_given() -> None:
    words = text(
        '{% include "web/components/gauge.html" with title="Codeforces" value=1847 delta=42 level=5'
        ' tier="Expert" note="53 to go" when=now state="ok" spark=spark foot="Best 1871" only %}',
        now=clock.now(),
        spark=[1, 2, 3],
    )
    assert words == "Codeforces now 1847 +42 Expert 53 to go Best 1871"


def test_the_current_tab_is_marked() -> None:
    tabs = [Tab("All", "/a", current=True, count=1200), Tab("Mine", "/b")]
    html = render(
        '{% include "web/components/tabs.html" with label="Reports" tabs=tabs only %}', tabs=tabs
    )
    assert html.count("aria-current") == 1
    assert "1,200" in html


def test_the_pager_keeps_the_rest_of_the_address() -> None:
    page = Paginator(range(100), 10).page(2)
    request = RequestFactory().get("/members/?q=nila&page=2")
    request.user = AnonymousUser()
    html = render('{% include "web/components/pager.html" %}', page=page, request=request)
    assert 'href="?q=nila&amp;page=1"' in html
    assert 'href="?q=nila&amp;page=3"' in html
    assert "11–20 of 100" in html


def test_one_page_needs_no_pager() -> None:
    page = Paginator(range(5), 10).page(1)
    assert render('{% include "web/components/pager.html" %}', page=page) == ""


def test_the_chart_has_every_contest_in_its_table() -> None:
    chart = samples.context()["chart"]
    html = render("{% rating_chart chart %}", chart=chart)
    assert html.count("<tr data-x=") == len(chart.rows)
    assert all(row.point.title in html for row in chart.rows)
    assert "<title" in html


def test_chart_positions_do_not_depend_on_the_language(settings: Any) -> None:
    from django.utils import translation

    chart = samples.context()["chart"]
    with translation.override("de"):
        html = render("{% rating_chart chart %}", chart=chart)
    assert not re.search(r'(?:x|y|cx|cy|d)="[^"]*\d,\d', html)
