"""What a leaderboard may be asked for; all of it stands in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms

from codetrack.accounts.models import Institute
from codetrack.standings.kinds import Kind
from codetrack.standings.models import Period
from codetrack.standings.queries.sheets import ME, Tab, Wish


class WishForm(forms.Form):
    """What is not on offer is left out: an old link shows more, never an error."""

    tab = forms.ChoiceField(required=False, choices=Tab.choices)
    by = forms.ChoiceField(required=False)
    period = forms.ChoiceField(required=False, choices=Period.choices)
    unproven = forms.BooleanField(required=False)
    fresh = forms.BooleanField(required=False)
    batch = forms.CharField(required=False, max_length=40)
    country = forms.RegexField(required=False, regex=r"^[A-Z]{2}\Z")
    institute = forms.ChoiceField(required=False)
    q = forms.CharField(required=False, max_length=100)
    at = forms.RegexField(required=False, regex=rf"^(?:{ME}|\d{{1,9}})\Z")
    cursor = forms.CharField(required=False, max_length=500)

    def __init__(
        self, data: Mapping[str, Any], *, kinds: Sequence[Kind], institutes: Sequence[Institute]
    ) -> None:
        super().__init__(data)
        self.kinds = {kind.key: kind for kind in kinds}
        self.institutes = {one.slug: one for one in institutes}
        self._offer("by", self.kinds)
        self._offer("institute", self.institutes)

    def wish(self, own: Institute | None) -> Wish:
        """What is wanted; `own` is the institute of whoever asks. There is a kind at least."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        tab = Tab(said.get("tab", Tab.INSTITUTE if own else Tab.GLOBAL))
        chosen = self.institutes.get(said.get("institute", ""))
        inside = tab == Tab.INSTITUTE
        return Wish(
            tab=tab,
            kind=self.kinds.get(said.get("by", "")) or next(iter(self.kinds.values())),
            period=Period(said.get("period", Period.ALL)),
            unproven="unproven" in said,
            fresh="fresh" in said,
            institute=(chosen or own) if inside else chosen,
            batch=said.get("batch", "") if inside else "",
            country="" if inside else said.get("country", ""),
            q=said.get("q", ""),
            at=said.get("at", ""),
            cursor=said.get("cursor", ""),
        )

    def _offer(self, name: str, values: Iterable[str]) -> None:
        offered = [(value, value) for value in values]
        cast("forms.ChoiceField", self.fields[name]).choices = offered
