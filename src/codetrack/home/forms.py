"""What a list of submissions may be narrowed to; all of it stands in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

VERDICTS = (("", _("Any")), ("accepted", _("Accepted")), ("rejected", _("Not accepted")))


class FilterForm(forms.Form):
    """A filter that there is not is left out: an old link shows more, never an error."""

    platform = forms.ChoiceField(label=_("Platform"), required=False)
    verdict = forms.ChoiceField(label=_("Verdict"), required=False, choices=VERDICTS)
    level = forms.ChoiceField(label=_("Difficulty"), required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    text = forms.CharField(label=_("Problem"), required=False, max_length=100)

    def __init__(
        self,
        data: Mapping[str, Any],
        platforms: Mapping[str, str],
        levels: Iterable[str] = (),
        topics: Iterable[str] = (),
    ) -> None:
        super().__init__(data)
        self._offer("platform", platforms)
        self._offer("level", {level: level for level in levels})
        self._offer("topic", {topic: topic for topic in topics})

    def _offer(self, name: str, values: Mapping[str, str]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = [("", _("Any")), *values.items()]

    @property
    def wanted(self) -> dict[str, str]:
        """What is asked for and is on offer."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
