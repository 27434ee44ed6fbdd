"""What the people a member follows did, as far as that member may see them now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.template import Context, Template
from django.template.loader import get_template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from codetrack.accounts import queries as accounts
from codetrack.accounts.models import User
from codetrack.core import clock, paging
from codetrack.core.errors import Problem
from codetrack.standings import feeds
from codetrack.standings.models import FeedItem

SIZE = 30
NEWEST_FIRST = ("-at", "-id")


@dataclass(frozen=True)
class Told:
    """One item in words, in the language of the first look."""

    item: FeedItem
    kind: feeds.Kind

    @property
    def member(self) -> User:
        return self.item.member

    @property
    def day(self) -> date:
        """By the clock of whoever reads."""
        return localtime(self.item.at).date()

    @property
    def day_name(self) -> str:
        ago = (localdate(clock.now()) - self.day).days
        return {0: _("Today"), 1: _("Yesterday")}.get(ago) or date_format(self.day, "l j F")

    @property
    def text(self) -> str:
        """One sentence."""
        return " ".join(self._render("txt", self.member.shown_name, autoescape=False).split())

    @property
    def html(self) -> SafeString:
        """The same as parts of a list item."""
        url, name = self.member.get_absolute_url(), self.member.shown_name
        return self._render("html", format_html('<a href="{}">{}</a>', url, name), autoescape=True)

    def _render(self, form: str, who: str, *, autoescape: bool) -> SafeString:
        # The backend's own `render` always escapes: right for HTML alone.
        found = get_template(f"{self.kind.template}.{form}")
        template: Template = found.template  # type: ignore[attr-defined]
        of_item = {"who": who, "member": self.member, "at": self.item.at, "url": self.item.url}
        return template.render(Context({**self.item.params, **of_item}, autoescape=autoescape))


def feed_of(
    viewer: User,
    *,
    of: User | None = None,
    kinds: Collection[str] = (),
    cursor: str = "",
    size: int = SIZE,
) -> paging.Slice[Told]:
    """The newest first: of those whom `viewer` follows, or of one member; of all kinds or some.

    Only of whom the viewer may see now. Raises Problem for a cursor that this list did not give.
    """
    if of is None:
        seen = accounts.followees_of(viewer)
    else:
        seen = accounts.visible_to(viewer).filter(pk=of.pk, is_active=True)
    rows = FeedItem.objects.filter(member__in=seen.values("pk"))
    if kinds:
        rows = rows.filter(kind__in=kinds)
    # Of thousands of items the index alone says which are the newest: these are loaded then.
    found = paging.cut(rows.only("at"), by=NEWEST_FIRST, cursor=cursor, size=size)
    items = FeedItem.objects.select_related("member").in_bulk([row.pk for row in found.items])
    there = [items[row.pk] for row in found.items if row.pk in items]
    return paging.Slice(_in_words(there), found.next)


def chosen_kinds(keys: Sequence[str]) -> list[str]:
    """These kinds; raises Problem for one that there is not."""
    for key in keys:
        if feeds.kind(key) is None:
            names = ", ".join(kind.key for kind in feeds.known())
            text = _("There is no kind “%(kind)s”. Kinds are: %(names)s.")
            message = text % {"kind": key[:40], "names": names}
            raise Problem(message, code="unknown_kind", field="kinds")
    return list(keys)


def address(key: str = "") -> str:
    """Of the page with one kind, or with all."""
    return reverse("standings:feed") + (f"?kind={key}" if key else "")


def _in_words(rows: Sequence[FeedItem]) -> list[Told]:
    return [Told(row, kind) for row in rows if (kind := feeds.kind(row.kind))]
