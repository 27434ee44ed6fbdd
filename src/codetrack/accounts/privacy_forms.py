"""How a member says who sees them, and how they stand on leaderboards; where they join, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from codetrack.accounts.models import OnBoards, SeenBy, User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy

    from codetrack.accounts.models import Institute

SEEN_BY = (
    (
        SeenBy.SITE,
        _("Everybody with an account here; on the landing page, if my club is there, anybody."),
    ),
    (SeenBy.INSTITUTE, _("Members of my institute.")),
    (SeenBy.NOBODY, _("Only I, and the admins of my institute and of this site.")),
)
ON_BOARDS = (
    (OnBoards.NAMED, _("With my name: whoever may see my page reads it beside my rank.")),
    (
        OnBoards.ANONYMOUS,
        _("Without my name: my numbers and my rank are there, as “Anonymous member”."),
    ),
    (
        OnBoards.HIDDEN,
        _("Not at all: I am in no list and no rank counts me. I still see my own numbers."),
    ),
)


class Sentences(forms.RadioSelect):
    """Choices that are whole sentences: one a line."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "sentence"})


def on_boards(label: str | Lazy) -> forms.ChoiceField:
    """How one stands on leaderboards, each way with what it means. Nothing chosen: as before."""
    return forms.ChoiceField(
        label=label,
        choices=ON_BOARDS,
        widget=Sentences,
        initial=OnBoards.NAMED,
        required=False,
    )


class PrivacyForm(forms.ModelForm):  # type: ignore[type-arg]
    seen_by = forms.ChoiceField(
        label=_("Who sees my page"),
        choices=SEEN_BY,
        widget=Sentences,
        help_text=_(
            "Whoever may see it can follow you, too. Members of your institute always know that "
            "you belong to it: its list of members has your name, without a link if your page is "
            "not for them."
        ),
    )
    on_boards = on_boards(_("On leaderboards I stand"))

    class Meta:
        model = User
        fields = ("seen_by", "on_boards")


class JoinForm(forms.Form):
    """What whoever joins an institute is told, and may choose, in that very step."""

    def __init__(self, institute: Institute | None, member: User | None = None) -> None:
        chosen = member.on_boards if member else OnBoards.NAMED
        super().__init__(initial={"on_boards": chosen})
        self.fields["on_boards"] = choice_at(institute)


def choice_at(institute: Institute | None) -> forms.ChoiceField:
    """The choice of whoever joins this institute, or one that is still to be named or founded."""
    if institute is None:
        field = on_boards(_("On its leaderboards I stand"))
        field.help_text = _(
            "The members of an institute see your name, your handles and your rank on its board, "
            "unless you choose otherwise. You can change this later: Settings, Privacy."
        )
        return field
    name = {"name": institute.name}
    field = on_boards(gettext("On the leaderboards of %(name)s I stand") % name)
    text = gettext(
        "The members of %(name)s see your name, your handles and your rank on its board, unless "
        "you choose otherwise. You can change this later: Settings, Privacy."
    )
    field.help_text = escape(text % name)
    return field
