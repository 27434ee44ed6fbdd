"""What people fill in: accounts, profiles, institutes, tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import EmailAddress, Login
from allauth.core import context
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import make_password
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from codetrack.accounts import countries, invitations, queries, services, zones
from codetrack.accounts.models import Institute, User
from codetrack.accounts.privacy_forms import choice_at
from codetrack.core import clock

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


# What AUTH_PASSWORD_VALIDATORS ask for, in one sentence instead of a list.
PASSWORD_HELP = _("At least 10 characters; not your name, not one of the usual ones.")


def browser_zone() -> forms.CharField:
    """A hidden field that the page fills with the browser's time zone; without script it is UTC."""
    widget = forms.HiddenInput(attrs={"data-timezone": ""})
    return forms.CharField(required=False, max_length=64, widget=widget)


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address or username")
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"
        self.fields["remember"].label = _("Stay signed in on this device")

    def clean_login(self) -> str:
        login: str = self.cleaned_data["login"].strip()
        return User.objects.normalize_email(login) if "@" in login else login

    def user_credentials(self) -> dict[str, str]:
        """An address or a username, never both: two looks at a password would take twice as long.

        Only for members, that is, and so tell who is one. No username has an @.
        """
        login = self.cleaned_data["login"]
        return {
            "email" if "@" in login else "username": login,
            "password": self.cleaned_data["password"],
        }


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]
    time_zone = browser_zone()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["password1"].help_text = PASSWORD_HELP
        self.fields["username"].help_text = _(
            "3 to 30 letters, digits, dots, dashes or underscores. Your page has it in its address."
        )
        institute = queries.institute_of_invitation(invitations.kept(context.request))
        if institute:
            self.fields["on_boards"] = choice_at(institute)
        _hide_trap(self)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if "username" in self.errors and "email" in data:
            self.validate_unique_email(data["email"])  # the form's twin may be through only now
        self.sender = self._who_sent_it_twice(data)
        if self.sender and self.sender.username == self.data.get("username", "").lower():
            self.errors.pop("username", None)
        return data

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """The same form sent twice goes on with the account that the first one made."""
        if self.sender:
            login = Login(user=self.sender, email=self.sender.email, signup=True)
            return self.sender, perform_login(request, login)
        result: tuple[User | None, HttpResponse | None] = super().try_save(request)
        user = result[0]
        if user and invitations.proves(request, user.email):
            services.confirm_address(member=user, email=user.email)
        return result

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        by_mail = invitations.personal(request)
        if by_mail:
            services.come_by_mail(member=user, invitation=by_mail)
        services.register(
            member=user,
            time_zone=self.cleaned_data["time_zone"],
            invitation=invitations.kept(request),
            on_boards=self.cleaned_data.get("on_boards", ""),
        )

    def _who_sent_it_twice(self, data: dict[str, Any]) -> User | None:
        """Whoever knows the password of an account that still waits for its mail link."""
        password = data.get("password1")
        if not password or data.get("phone_number"):
            return None
        if not self.account_already_exists:
            if self.errors:  # takes as long as with a known address, so that nobody can tell
                make_password(password)
            return None
        email = data["email"]
        try:
            user = get_adapter().authenticate(context.request, email=email, password=password)
        except forms.ValidationError:  # too many guesses: this must not tell, nor be any faster
            make_password(password)
            return None
        waits = EmailAddress.objects.filter(user=user, email=email, verified=False)
        return user if user and waits.exists() else None


class InOurWords:
    """For allauth's other forms: what means the same is called the same everywhere."""

    WORDS: ClassVar = {
        "email": _("E-mail address"),
        "oldpassword": _("Password now"),
        "password1": _("New password"),
        "password2": _("New password, once more"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label = self.WORDS.get(name, field.label)
            if name == "password1":
                field.help_text = PASSWORD_HELP


class AddEmailForm(InOurWords, allauth_forms.AddEmailForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(InOurWords, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(InOurWords, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(InOurWords, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ResendForm(forms.Form):
    """Asks for a new mail link; the answer is the same whether the address is known or not."""

    email = forms.EmailField(label=_("E-mail address"))


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = forms.ChoiceField(label=_("Time zone"))
    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        help_text=_("For the boards of a country. Leave it empty, and you stand on none."),
    )

    class Meta:
        model = User
        fields = ("name", "username", "about", "country", "time_zone")
        widgets = {"about": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "name": _("As others see you."),
            "about": _("A line or two: your year, what you like to solve."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.initial["time_zone"] = zones.canonical(self.instance.time_zone)
        names = zones.offered() if chosen in zones.offered() else (chosen, *zones.offered())
        self.fields["time_zone"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        self.fields["country"].choices = [("", _("Not said")), *countries.offered()]  # type: ignore[attr-defined]

    def clean_username(self) -> str:
        return User.normalize_username(self.cleaned_data["username"])


class TokenForm(forms.Form):
    LIFETIMES = ((30, _("30 days")), (90, _("90 days")), (365, _("a year")), (0, _("no end")))

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("What it is for, such as “stats script”.")
    )
    may_write = forms.BooleanField(
        label=_("May also change things"),
        required=False,
        help_text=_("Leave it off for a program that only reads."),
    )
    days = forms.TypedChoiceField(label=_("Works for"), choices=LIFETIMES, coerce=int, initial=90)

    def values(self) -> dict[str, Any]:
        """What `services.create_token` takes."""
        days = self.cleaned_data["days"]
        return {
            "name": self.cleaned_data["name"],
            "may_write": self.cleaned_data["may_write"],
            "expires_at": clock.now() + timedelta(days=days) if days else None,
        }


class DomainForm(forms.Form):
    domain = forms.CharField(
        label=_("E-mail domain"), max_length=253, help_text=_("Such as college.edu.")
    )


class SetupForm(forms.Form):
    """The first admin and the first institute, in one."""

    token = forms.CharField(widget=forms.HiddenInput)
    institute_name = forms.CharField(
        label=_("Name of your club or institute"),
        max_length=Institute._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    username = User._meta.get_field("username").formfield(
        widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=PASSWORD_HELP,
    )
    on_boards = choice_at(None)
    time_zone = browser_zone()

    def clean_username(self) -> str:
        username = User.normalize_username(self.cleaned_data["username"])
        User._meta.get_field("username").run_validators(username)
        if User.objects.filter(username=username).exists():
            raise forms.ValidationError(_("Somebody already has this username."))
        return username

    def clean_email(self) -> str:
        email = User.objects.normalize_email(self.cleaned_data["email"])
        validate_email(email)
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Somebody already has an account with this address."))
        return email

    def clean_time_zone(self) -> str:
        return zones.known(self.cleaned_data["time_zone"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        account = User(email=data.get("email", ""), username=data.get("username", ""))
        if "password" in data:
            try:
                password_validation.validate_password(data["password"], account)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


def _hide_trap(form: forms.Form) -> None:
    """allauth's trap for robots hides by an inline style, which our content policy forbids."""
    trap = form.fields["phone_number"]
    trap.label = _("Leave this empty")
    trap.widget.attrs = {"tabindex": "-1", "autocomplete": "off", "class": "vh"}
