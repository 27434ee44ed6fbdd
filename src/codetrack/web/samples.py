"""What the style guide shows: made-up figures in the shapes of real ones, for it alone."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from codetrack.core import clock
from codetrack.web import chart, heat
from codetrack.web.icons import ICONS
from codetrack.web.ui import Tab

BANDS = [
    chart.Band(0, 1, "Newbie"),
    chart.Band(1200, 3, "Pupil"),
    chart.Band(1400, 4, "Specialist"),
    chart.Band(1600, 5, "Expert"),
    chart.Band(1900, 6, "Candidate Master"),
    chart.Band(2100, 7, "Master"),
    chart.Band(2300, 8, "International Master"),
    chart.Band(2400, 9, "Grandmaster"),
    chart.Band(3000, 10, "Legendary"),
]
GROUNDS = {
    "sunken": _("wells, code"),
    "page": _("the page"),
    "float": _("what floats"),
    "hover": _("under the pointer"),
    "hair": _("hairlines"),
    "edge": _("edges of fields"),
    "heavy": _("table rules"),
    "ink": _("what is said"),
    "ink-2": _("what supports it"),
    "ink-3": _("what dates it"),
    "accent": _("links, focus"),
    "act": _("the primary button"),
    "accent-wash": _("my row"),
    "good": _("up, accepted"),
    "bad": _("down, wrong"),
    "warn": _("stale, slow"),
}
SIZES = [
    (8, "40 / 44", "1 04 17", _("The one number of a page")),
    (7, "28 / 32", "Nila Varent", _("Page titles, main figures")),
    (6, "20 / 28", "Your rating rose by 42 to 1612", _("Leads")),
    (5, "16 / 26", "A street of n lanterns is lit for the harvest.", _("Long text")),
    (4, "14 / 20", "187 of 212 members have a verified rating", _("Interface")),
    (3, "13 / 20", "Codeforces Round 1064 (Div. 2) 318 15,240", _("Tables, controls")),
    (2, "12 / 16", "Best 1871 · 64 contests · 2 h ago", _("Ages, notes, column heads")),
    (1, "11 / 16", "1200 1400 1600 1900 Feb Aug", _("Axes, keys")),
]


class SampleForm(forms.Form):
    calm = True  # its errors do not take the focus from the page
    handle = forms.CharField(
        label=_("Codeforces handle"), help_text=_("As it stands in the address of your profile.")
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput, required=False)
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=[("Asia/Kolkata", "Asia/Kolkata"), ("UTC", "UTC")]
    )
    about = forms.CharField(label=_("About you"), widget=forms.Textarea, required=False)
    digest = forms.ChoiceField(
        label=_("Mail"),
        choices=[("now", _("At once")), ("day", _("Once a day")), ("never", _("Never"))],
        widget=forms.RadioSelect,
        initial="day",
    )
    visible = forms.BooleanField(label=_("Show me on the public page"), initial=True)

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"]
        if " " in handle:
            raise forms.ValidationError(
                _("A handle has no spaces. Did you mean %(handle)s?"),
                params={"handle": handle.replace(" ", "")},
            )
        return handle


def context() -> dict[str, Any]:
    now = clock.now()
    wrong = {"handle": "nila varent", "zone": "UTC", "digest": "day", "visible": "on"}
    return {
        "grounds": GROUNDS.items(),
        "bands": BANDS,
        "sizes": SIZES,
        "icons": ICONS,
        "form": SampleForm(auto_id="fresh_%s"),
        "wrong_form": SampleForm(wrong, auto_id="wrong_%s"),
        "ages": [(now - timedelta(minutes=minutes), state) for minutes, state in _ages()],
        "chart": chart.draw([_main(now), *_others(now)], BANDS),
        "heat": _heat(now.date()),
        "solved": [("Easy", 624), ("Medium", 583), ("Hard", 179)],
        "spark": [1640, 1652, 1701, 1633, 1712, 1690, 1781, 1766, 1803, 1771, 1805, 1847],
        "tabs": [
            Tab(str(_("Institute")), "#tabs", current=True, count=187),
            Tab(str(_("Following")), "#tabs", count=24),
            Tab(str(_("Global")), "#tabs"),
        ],
        "page": Paginator(range(187), 18).page(2),
        "soon": now + timedelta(hours=3),
    }


def _ages() -> list[tuple[int, str]]:
    fresh = [(0, "ok"), (180, "ok"), (9 * 60, "ok"), (20 * 60, "ok")]
    days = 24 * 60
    broken = ["stale", "blocked", "changed", "gone", "private"]
    return fresh + [(3 * days + i * days, state) for i, state in enumerate(broken)]


def _heat(today: date) -> heat.Heat:
    """A year with rests in it, the same at every call."""
    counts = {}
    for i in range(heat.WEEKS * 7):
        number = round(3 * math.sin(i / 23) + 3 * math.sin(i * 2.7) + 2 * math.sin(i * 0.9))
        counts[today - timedelta(days=i)] = max(number, 0)
    return heat.draw(
        counts, today, lambda day: f"{counts.get(day, 0)} solved on {day.day} {day:%b %Y}"
    )


def _main(now: datetime) -> chart.Series:
    return chart.Series("Codeforces", "codeforces", _points(now, 34, 1212, 640, "Codeforces Round"))


def _others(now: datetime) -> list[chart.Series]:
    return [
        chart.Series("LeetCode", "leetcode", _points(now, 22, 1500, 420, "LeetCode Weekly")),
        chart.Series("CodeChef", "codechef", _points(now, 24, 1372, 360, "CodeChef Starters")),
    ]


def _points(now: datetime, count: int, start: int, rise: int, name: str) -> list[chart.Point]:
    """A climb with setbacks, the same at every call."""
    values = [
        start + round(rise * i / count + 46 * math.sin(i * 1.7) + 24 * math.sin(i * 4.1 + start))
        for i in range(count)
    ]
    return [
        chart.Point(
            at=now - timedelta(days=24 * (count - 1 - i) + 3),
            value=value,
            title=f"{name} {1010 + 2 * i}",
            detail=f"rank {(i * 977) % 4000 + 120} of {12_000 + i * 90:,}",
            url="#chart",
            change=value - values[i - 1] if i else None,
        )
        for i, value in enumerate(values)
    ]
