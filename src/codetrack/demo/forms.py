"""What can be done to the pretend world by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from codetrack.demo.history import Task
from codetrack.demo.mailbox import Manner
from codetrack.demo.trouble import Mode, Trouble
from codetrack.demo.world import World
from codetrack.platforms.base import Platform

NEWEST = 30  # problems that can be chosen besides those of proofs


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

    def apply(self, trouble: Trouble) -> None:
        trouble.make(Mode(self.cleaned_data["mode"]), seconds=self.cleaned_data["seconds"])


class ProfileForm(forms.Form):
    """What a member edits on the platform; the token of a proof goes here."""

    def __init__(self, platform: type[Platform], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for place in platform.proofs:
            self.fields[place.key] = forms.CharField(
                label=place.title, max_length=300, required=False
            )


class HandleForm(forms.Form):
    """A handle that is possible on the platform."""

    handle = forms.CharField(label=_("Handle"), max_length=40)

    def __init__(self, platform: type[Platform], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.platform = platform
        self.fields["handle"].help_text = platform.handle_rule

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"]
        if not self.platform.handle_pattern.fullmatch(handle):
            raise forms.ValidationError(self.platform.handle_rule)
        return handle

    def taken(self) -> None:
        """Say that somebody else was quicker."""
        self.add_error("handle", _("Somebody has this handle already. Choose another."))


class RenameForm(HandleForm):
    """What an account is called from now on."""

    def __init__(self, platform: type[Platform], *args: Any, **more: Any) -> None:
        super().__init__(platform, *args, **more)
        self.fields["handle"].label = _("New handle")


class NewAccountForm(HandleForm):
    """A pretend account of one's own."""

    first_name = forms.CharField(label=_("First name"), max_length=60, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=60, required=False)
    seasoned = forms.BooleanField(
        label=_("Has taken part for two years"),
        help_text=_("Without this the account is unrated until you let it play."),
        required=False,
        initial=True,
    )


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

    problem = forms.ChoiceField(label=_("Problem"), required=False)
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[
            ("COMPILATION_ERROR", _("Does not compile")),
            ("OK", _("Accepted")),
            ("WRONG_ANSWER", _("Wrong answer")),
            ("TIME_LIMIT_EXCEEDED", _("Too slow")),
            ("RUNTIME_ERROR", _("Crashes")),
            ("TESTING", _("Still being judged")),
        ],
    )

    def __init__(self, world: World, *args: Any, problem: str = "", **more: Any) -> None:
        """A `problem` named by its key is there to send what does not compile."""
        chosen = world.task(problem) if problem else None
        verdict = "COMPILATION_ERROR" if chosen else "OK"
        super().__init__(*args, **more)
        self.world, self.initial = world, {"problem": problem, "verdict": verdict}
        classics, newest = world.classics(), world.catalogue()[:NEWEST]
        other = [chosen] if chosen and chosen not in (*classics, *newest) else []
        field = cast("forms.ChoiceField", self.fields["problem"])
        field.choices = [
            ("", _("One of about its own strength")),
            (_("Where a compile error proves a handle"), _options(classics)),
            (_("The newest"), _options([*other, *newest])),
        ]

    def task(self) -> Task | None:
        return self.world.task(self.cleaned_data["problem"])


def _options(tasks: Sequence[Task]) -> list[tuple[str, str]]:
    return [(task.key, f"{task.name} ({task.key})") for task in tasks]


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
