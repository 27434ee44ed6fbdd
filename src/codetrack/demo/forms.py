"""What can be done to the pretend world by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from codetrack.demo.mailbox import Manner
from codetrack.demo.trouble import Mode
from codetrack.platforms.codeforces import Codeforces


class BreakForm(forms.Form):
    """How the platform is broken from now on."""

    mode = forms.ChoiceField(
        label=_("How it behaves"),
        choices=[
            (Mode.NONE, _("Works")),
            (Mode.LIMITED, _("Asks to slow down (429)")),
            (Mode.DOWN, _("Is down (503)")),
            (Mode.CHALLENGE, _("Asks whether we are a robot (403)")),
            (Mode.TRUNCATED, _("Cuts its answers off")),
            (Mode.SLOW, _("Is slow")),
            (Mode.LAYOUT, _("Changed its layout")),
        ],
    )
    seconds = forms.FloatField(
        label=_("Seconds"),
        min_value=0,
        max_value=120,
        initial=3,
        help_text=_("How long it asks to wait, or how slow it is."),
    )


class ProfileForm(forms.Form):
    """What a member edits on the platform; the token of a proof goes here."""

    organization = forms.CharField(label=_("Organization"), max_length=100, required=False)
    first_name = forms.CharField(label=_("First name"), max_length=60, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=60, required=False)


class NewAccountForm(forms.Form):
    """A pretend account of one's own."""

    handle = forms.CharField(
        label=_("Handle"), min_length=3, max_length=24, help_text=Codeforces.handle_rule
    )
    first_name = forms.CharField(label=_("First name"), max_length=60, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=60, required=False)
    seasoned = forms.BooleanField(
        label=_("Has taken part for two years"),
        help_text=_("Without this the account is unrated until you let it play."),
        required=False,
        initial=True,
    )

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"]
        if not Codeforces.handle_pattern.fullmatch(handle):
            raise forms.ValidationError(Codeforces.handle_rule)
        return handle

    def taken(self) -> None:
        """Say that somebody else was quicker."""
        self.add_error("handle", _("Somebody has this handle already. Choose another."))


class PlayForm(forms.Form):
    """How a round goes for one account."""

    luck = forms.TypedChoiceField(
        label=_("How it goes"),
        coerce=int,
        choices=[(2, _("Very well")), (1, _("Well")), (0, _("As usual")), (-2, _("Badly"))],
        initial=1,
    )


class SubmitForm(forms.Form):
    """One attempt in practice."""

    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[
            ("OK", _("Accepted")),
            ("WRONG_ANSWER", _("Wrong answer")),
            ("TIME_LIMIT_EXCEEDED", _("Too slow")),
            ("COMPILATION_ERROR", _("Does not compile")),
            ("TESTING", _("Still being judged")),
        ],
    )


class MannerForm(forms.Form):
    """How the mail server treats what comes."""

    manner = forms.ChoiceField(
        label=_("How the mail server behaves"),
        choices=[
            (Manner.ACCEPT, _("Takes every mail")),
            (Manner.DEFER, _("Says “try later” (451)")),
            (Manner.REJECT, _("Refuses every mail (554)")),
            (Manner.HANG, _("Never answers")),
            (Manner.REFUSE, _("Closes the connection")),
        ],
    )


class FindForm(forms.Form):
    """Words to look for; what cannot be one finds nothing less."""

    q = forms.CharField(label=_("Find"), max_length=60, required=False)

    @classmethod
    def words(cls, data: Any) -> str:
        form = cls(data)
        return str(form.cleaned_data["q"]).strip().lower() if form.is_valid() else ""
