"""What the settings of notices take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from codetrack.core import notices
from codetrack.notifications.models import Timetable
from codetrack.notifications.queries import Cell, Row

#: What a table says that was loaded: a kind that came since is not switched off by being absent.
SHOWN = "shown"
EPOCH, TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
MOST = 10**16  # is in the year 2286


class MatrixForm(forms.Form):
    """A field for each cell that can be chosen: a tick for on and off, else a list."""

    def __init__(self, rows: Sequence[Row], data: Any = None) -> None:
        super().__init__(data)
        shown = None if data is None else set(data.getlist(SHOWN))
        self.rows = [row for row in rows if shown is None or row.kind.key in shown]
        for row in self.rows:
            for cell in row.cells:
                if not cell.fixed:
                    self.fields[_name(row, cell)] = _field(row, cell)

    def table(self) -> Iterator[tuple[Row, list[tuple[Cell, forms.BoundField | None]]]]:
        """Each row with its cells, and the field of those that can be chosen."""
        for row in self.rows:
            cells = [(cell, None if cell.fixed else self[_name(row, cell)]) for cell in row.cells]
            yield row, cells

    def chosen(self) -> dict[tuple[str, str], str]:
        """What is to be another way than it is, by kind and channel."""
        found = {}
        for row in self.rows:
            for cell in row.cells:
                how = cell.how if cell.fixed else _how(self.cleaned_data[_name(row, cell)])
                if how != cell.how:
                    found[row.kind.key, cell.channel.key] = how
        return found


class TimetableForm(forms.Form):
    """When a digest comes, and when nothing else does."""

    says_optional = False  # the quiet hours have both their ends or none, as is said below them

    digest_hour = forms.TypedChoiceField(
        label=_("Time of day"), coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)]
    )
    digest_weekday = forms.TypedChoiceField(
        label=_("Day of the weekly one"), coerce=int, choices=Timetable.Weekday.choices
    )
    quiet_from = forms.TimeField(
        label=_("From"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_to = forms.TimeField(
        label=_("Until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class UpToForm(forms.Form):
    """The newest notice that the page showed: what came since is not marked."""

    up_to = forms.IntegerField(min_value=0)

    @property
    def notice(self) -> int:
        """Its number; 0, which marks nothing, for anything else."""
        return self.cleaned_data["up_to"] if self.is_valid() else 0


class MomentForm(forms.Form):
    """The moment at which something was marked read, by which that is taken back."""

    marked = forms.IntegerField(min_value=0, max_value=MOST)

    @property
    def at(self) -> datetime | None:
        """None for anything that is no moment."""
        return EPOCH + self.cleaned_data["marked"] * TICK if self.is_valid() else None


def stamp(at: datetime) -> int:
    """A moment as `MomentForm` takes it, exact to what the database keeps."""
    return (at - EPOCH) // TICK


def _name(row: Row, cell: Cell) -> str:
    return f"{row.kind.key}-{cell.channel.key}"


def _field(row: Row, cell: Cell) -> forms.Field:
    spoken = {"aria-labelledby": f"{row.kind.key} by-{cell.channel.key}"}
    label = f"{row.kind.label}, {cell.channel.label}"
    if cell.is_switch:
        return forms.BooleanField(
            label=label,
            required=False,
            initial=cell.how != notices.OFF,
            widget=forms.CheckboxInput(attrs=spoken),
        )
    widget = forms.Select(attrs=spoken)
    return forms.ChoiceField(label=label, choices=cell.ways, initial=cell.how, widget=widget)


def _how(value: str | bool) -> str:
    if isinstance(value, str):
        return value
    return notices.NOW if value else notices.OFF
