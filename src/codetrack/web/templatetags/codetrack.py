"""The components that need a little logic; the rest are includes in `web/components/`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.contrib.auth.password_validation import get_default_password_validators
from django.db.models import Model
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_vite.core.exceptions import DjangoViteAssetNotFoundError
from django_vite.templatetags.django_vite import vite_asset

from codetrack.core import clock
from codetrack.web import chart as charts
from codetrack.web.heat import Heat
from codetrack.web.icons import ICONS
from codetrack.web.relative import relative

register = template.Library()

DAY = timedelta(days=1)
STATES = {
    "ok": (_("up to date"), "good", "verified"),
    "stale": (_("stale"), "warn", "clock"),
    "blocked": (_("blocked"), "bad", "blocked"),
    "changed": (_("not readable"), "bad", "changed"),
    "gone": (_("gone"), "bad", "gone"),
    "private": (_("private"), "warn", "lock"),
}
MOMENTS = {"date": "j M Y", "datetime": "j M Y, H:i", "time": "H:i", "month": "F Y"}


# --- marks -------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the house. Without a label it is an ornament that screen readers skip."""
    hidden = SafeString('aria-hidden="true"')
    spoken = format_html('role="img" aria-label="{}"', label) if label else hidden
    return format_html(
        '<svg class="icon i-{}" viewBox="0 0 16 16" {}>{}</svg>',
        name,
        spoken,
        SafeString(ICONS[name]),
    )


@register.simple_tag
def badge(text: str, tone: str = "", icon: str = "") -> SafeString:
    return format_html('<span class="badge {}">{}{}</span>', tone, _icon(icon), text)


@register.simple_tag
def state(name: str) -> SafeString:
    """How a source of numbers stands, as icon and word."""
    word, tone, sign = STATES[name]
    return badge(str(word), tone, sign)


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    return format_html('<span class="avatar {}" aria-hidden="true">{}</span>', size, initials(name))


@register.inclusion_tag("web/components/person.html")
def person(name: str, url: str = "", sub: str = "") -> dict[str, str]:
    return {"name": name, "url": url, "sub": sub}


@register.filter
def initials(name: str) -> str:
    """NV for Nila Varent; one word gives its first two letters."""
    words = str(name).replace("_", " ").replace(".", " ").split()
    letters = (
        [word[0] for word in (words[0], words[-1])] if len(words) > 1 else list("".join(words))
    )
    return "".join(letters[:2]).upper()


# --- live --------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def live(context: template.Context, part: str, **topics: Model | None) -> SafeString:
    """Attributes of a part of a page that comes anew when something happens to one of `topics`.

    `{% live "page" member=member institute=institute %}`; what is None is left out. The answer to a
    form stays as it is: it is not what its address shows.
    """
    request = context["request"]
    names = " ".join(f"{kind}:{one.pk}" for kind, one in topics.items() if one)
    if request.method != "GET" or not names:
        return SafeString("")
    return format_html(
        ' id="{0}" data-live="{1}" hx-get="{2}" hx-select="#{0}" hx-trigger="live"'
        ' hx-swap="outerMorph"',
        part,
        names,
        request.get_full_path(),
    )


# --- figures -----------------------------------------------------------------


@register.filter
@register.simple_tag
def number(value: int | float | None) -> str:
    return "–" if value is None else number_format(value, force_grouping=True)


@register.simple_tag
def delta(value: int | None) -> SafeString | str:
    """A change with its sign; the sign says it, the colour only repeats it."""
    if value is None:
        return "–"
    sign, tone = {1: ("+", "up"), 0: ("±", "same"), -1: ("−", "down")}[(value > 0) - (value < 0)]
    return format_html('<span class="delta {}">{}{}</span>', tone, sign, number(abs(value)))


@register.simple_tag
def tier(level: int | None, name: str = "", value: int | None = None) -> SafeString:
    """A rating in the colour of its tier, always with the tier's name."""
    figure = format_html("<b>{}</b> ", value) if value is not None else ""
    return format_html(
        '<span class="tier t{}">{}<span>{}</span></span>',
        level or 0,
        figure,
        name or gettext("unrated"),
    )


@register.inclusion_tag("web/components/spark.html")
def sparkline(values: Sequence[float], label: str) -> dict[str, Any]:
    path, x, y = charts.spark(values) if len(values) > 1 else ("", "", "")
    return {"path": path, "x": x, "y": y, "label": label}


@register.inclusion_tag("web/components/rating_chart.html")
def rating_chart(
    chart: charts.Chart, name: str = "rating", *, legend: bool = True
) -> dict[str, Any]:
    """`name` keeps the ids of two charts on one page apart; a page may have a legend of its own."""
    return {"chart": chart, "name": name, "legend": legend}


@register.inclusion_tag("web/components/heat.html")
def heat_map(heat: Heat, caption: str, note: str = "") -> dict[str, Any]:
    """53 weeks as a table; `caption` says what is counted, `note` stands below."""
    return {"heat": heat, "caption": caption, "note": note}


@register.simple_tag
def bar(value: int, most: int) -> SafeString:
    """How much of the most this is, beside a number that says it."""
    share = f"{100 * value / most:.1f}" if most else "0"
    return format_html(
        '<svg class="bar" aria-hidden="true"><rect width="{}%" height="100%"/></svg>', share
    )


@register.simple_tag
def share(value: int, total: int) -> str:
    """A part of a whole in percent; what is there is never nothing."""
    if not total:
        return "–"
    percent = 100 * value / total
    return gettext("under 1 %") if 0 < percent < 1 else gettext("%(n)d %%") % {"n": round(percent)}


# --- time --------------------------------------------------------------------


@register.simple_tag
def ago(when: datetime) -> SafeString:
    return _time(when, relative(when, clock.now()))


@register.simple_tag
def moment(when: datetime, style: str = "datetime") -> SafeString:
    return _time(when, date_format(localtime(when), MOMENTS[style]))


@register.inclusion_tag("web/components/age.html")
def age(when: datetime | None, state: str = "ok") -> dict[str, Any]:
    """How old a number is: a clock face of 24 hours that empties, and the age in words."""
    word, tone, sign = STATES[state]
    hours = min((clock.now() - when) / DAY * 24, 23) if when else 24
    return {
        "when": when,
        "state": state,
        "tone": "" if state == "ok" else tone,
        "word": "" if state == "ok" else word,
        "icon": "" if state in {"ok", "stale"} else sign,
        "gone": f"{hours:.1f}",
        "left": f"{24 - hours:.1f}",
    }


def _time(when: datetime, text: str) -> SafeString:
    local = localtime(when)
    title = date_format(local, "l j F Y, H:i T")
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), title, text)


# --- parts of a page ---------------------------------------------------------


@register.simple_block_tag
def section(
    content: SafeString,
    title: str,
    id: str = "",  # noqa: A002 - what it is called in a page
    note: str = "",
) -> SafeString:
    """A section of the almanac: title and note in the margin, the data beside them."""
    return _render(
        "web/components/section.html",
        {"content": content, "title": title, "id": id or slugify(title), "note": note},
    )


@register.simple_block_tag
def scroll(content: SafeString, label: str) -> SafeString:
    """What may be wider than the screen scrolls in a region of its own, by keys too."""
    return format_html(
        '<div class="scroll" role="region" tabindex="0" aria-label="{}">{}</div>', label, content
    )


@register.simple_block_tag
def dialog(content: SafeString, id: str, title: str) -> SafeString:  # noqa: A002
    """A native dialog, opened by a button with `command="show-modal" commandfor="<id>"`."""
    return _render("web/components/dialog.html", {"content": content, "id": id, "title": title})


@register.inclusion_tag("web/components/copyable.html")
def copyable(text: str, label: str) -> dict[str, str]:
    return {"text": text, "label": label}


@register.inclusion_tag("web/forms/errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """The summary of what is wrong with a form, with links to its fields."""
    return {"form": form, "errors": form.non_field_errors()}


@register.simple_tag
def password_length() -> int:
    """How many characters a new password needs at least."""
    validators = get_default_password_validators()
    return max((getattr(validator, "min_length", 0) for validator in validators), default=0)


@register.simple_tag
def assets_if_built() -> SafeString | str:
    """For the page that must not fail: our styles when there are any."""
    try:
        return SafeString(vite_asset("entries/main.ts"))
    except DjangoViteAssetNotFoundError:
        return ""


def _icon(name: str) -> SafeString | str:
    return icon(name) if name else ""


def _render(name: str, context: dict[str, Any]) -> SafeString:
    return render_to_string(name, context)


@register.simple_tag(takes_context=True)
def text_of_block(context: template.Context, name: str) -> SafeString:
    """What the page puts into a block, once more: a block itself can stand in one place only."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    text: SafeString = block.nodelist.render(context)
    return text
