"""The words of notices, made of the templates of their kind in the language that is active."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.template import Context, Template
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from codetrack.core import notices
from codetrack.notifications.models import Notice


@dataclass(frozen=True)
class Text:
    """One notice as it is read, in the language of the first look: plain text but for `html`."""

    notice: Notice
    kind: notices.Kind

    @cached_property
    def title(self) -> str:
        """One line."""
        return " ".join(self._render(f"{self.kind.template}.title.txt").split())

    @cached_property
    def body(self) -> str:
        """A paragraph or two."""
        return self._render(f"{self.kind.template}.txt").strip()

    @property
    def html(self) -> SafeString:
        """The body for a mail: a template of its own, or the paragraphs of the text."""
        try:
            return self._render(f"{self.kind.template}.html", autoescape=True)
        except TemplateDoesNotExist:
            parts = ((part,) for part in self.body.split("\n\n"))
            return format_html_join("", '<p style="margin:0 0 12px">{}</p>', parts)

    @property
    def url(self) -> str:
        """The whole address of the page that shows more."""
        return f"{settings.CODETRACK_URL}{self.notice.url}"

    def _render(self, name: str, *, autoescape: bool = False) -> SafeString:
        # The backend's own `render` always escapes: right for HTML alone.
        template: Template = get_template(name).template  # type: ignore[attr-defined]
        values = {**self.notice.params, "at": self.notice.created_at}
        return template.render(Context(values, autoescape=autoescape))


def text_of(notice: Notice) -> Text | None:
    """The words of a notice; None when its kind is not there any more."""
    kind = notices.kinds.get(notice.kind)
    return Text(notice, kind) if kind else None
