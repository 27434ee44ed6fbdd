"""The one form of handles: what the member typed, to link an account or to name another one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from codetrack.ratings.adapters import Adapter


class LinkForm(forms.Form):
    """One field; whether it can be a handle is judged by the service."""

    text = forms.CharField(
        max_length=300,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(
        self, platform: Adapter, data: Any = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, auto_id=f"{platform.key}_%s", initial=initial)
        self.key, self.platform_name = platform.key, platform.name  # a template would call a class
        field = self.fields["text"]
        field.label = _("Your %(platform)s handle") % {"platform": platform.name}
        field.help_text = _("The handle, or the address of your profile there.")
        field.error_messages["required"] = _("Type your handle on %(platform)s.") % {
            "platform": platform.name
        }
