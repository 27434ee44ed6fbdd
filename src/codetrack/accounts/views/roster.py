"""A list of people: handed in, looked at, invited; for the admins of an institute."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST, require_safe

from codetrack.accounts import people, permissions, services, sheets
from codetrack.accounts import roster as registry
from codetrack.accounts.caller import caller
from codetrack.accounts.models import Institute, Outcome, Roster, Trouble
from codetrack.accounts.views.answers import done, told_in
from codetrack.accounts.views.institutes import visible
from codetrack.core import paging
from codetrack.core.errors import HouseError
from codetrack.web.ui import Tab
from codetrack.web.uploads import SmallFile

#: The tabs of a report: who these people are, which stays true whatever became of them.
PEOPLE = {
    Outcome.INVITE: gettext_lazy("New people"),
    Outcome.ASK: gettext_lazy("With an account here"),
    Outcome.UPDATE: gettext_lazy("Invited before, with changes"),
    Outcome.WAITING: gettext_lazy("Invited before"),
    Outcome.MEMBER: gettext_lazy("Members already"),
}


class RosterForm(forms.Form):
    """A file, or the same pasted."""

    says_optional = False  # one of the two has to be there

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("CSV of up to 10,000 lines and 2 MiB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the list"),
        required=False,
        strip=False,
        help_text=gettext_lazy("One of both is enough: a file, or the list here."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if not self.errors and not data.get("file") and not data.get("text", "").strip():
            self.add_error("file", _("Choose a file or paste the list: one of both is needed."))
            self._tell_both()
        return data

    def _tell_both(self) -> None:
        """One error, which is read at either field."""
        name = self["text"].auto_id
        said = f"{self['file'].auto_id}_error {name}_helptext"
        told = {"aria-invalid": "true", "aria-describedby": said}
        self.fields["text"].widget.attrs |= told

    def raw(self) -> tuple[bytes, str]:
        """What was handed in, and the name of the file."""
        file = self.cleaned_data["file"]
        if file:
            return file.read(), file.name
        return self.cleaned_data["text"].encode(), ""


def managed(request: HttpRequest, slug: str) -> Institute:
    """The institute if the caller is an admin of it: for strangers it is not there."""
    row = visible(request, slug)
    permissions.demand(permissions.may_manage(request.user, row))
    return row


# The token of the form is in the body, which may hold a file: it is read once we know who sends it.
@csrf_exempt
@login_required
def roster(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes a list, and shows those handed in lately."""
    row = managed(request, slug)
    if request.method == "POST":
        request.upload_handlers = [SmallFile(request, most=sheets.MOST_BYTES)]
    return _roster(request, row)


@csrf_protect
def _roster(request: HttpRequest, row: Institute) -> HttpResponse:
    form = RosterForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        raw, title = form.raw()
        with told_in(form):
            read = services.read_roster(institute=row, raw=raw, title=title, by=caller(request))
        if form.is_valid():
            return redirect(read)
    context = {
        "institute": row,
        "form": form,
        "rosters": people.rosters_of(row)[:10],
        "columns": registry.columns().values(),
    }
    return render(request, "accounts/roster.html", context)


@login_required
@require_GET
def report(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What becomes of each line; how far the mails are."""
    row = _own(request, slug, pk)
    only = request.GET.get("only", "")
    lines = paging.cut(
        people.lines_of(row, only), by=("number",), cursor=request.GET.get("after", "")
    )
    counts = people.report_of(row)
    context = {
        "institute": row.institute,
        "roster": row,
        "lines": lines,
        "counts": counts,
        "columns": registry.columns(),
        "tabs": _tabs(counts, only),
        "progress": people.progress_of(row) if row.state != Roster.State.DRAFT else None,
    }
    return render(request, "accounts/roster_report.html", context)


@login_required
@require_safe
def report_csv(request: HttpRequest, slug: str, pk: int) -> StreamingHttpResponse:
    """The report as a table: all lines, or those that `only` names."""
    row = _own(request, slug, pk)
    table = people.report_table(row, request.GET.get("only", ""))
    return download(f"{slug}-roster-{pk}.csv", sheets.write(table))


@login_required
@require_POST
def invite(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = _own(request, slug, pk)
    return done(
        request,
        row.get_absolute_url(),
        lambda: services.invite_roster(row=row, by=caller(request)),
        _("The invitations are on their way. You need not wait here."),
    )


@login_required
@require_POST
def cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = _own(request, slug, pk)
    try:
        n = services.cancel_roster(row=row, by=caller(request))
    except HouseError as error:
        messages.error(request, error.message)
        return redirect(row)
    said = ngettext("Cancelled: %d person is not invited.", "Cancelled: %d are not invited.", n)
    messages.success(request, said % n if n else _("The list is put away."))
    return redirect(row)


def download(name: str, pieces: Iterator[str]) -> StreamingHttpResponse:
    """A file that is written while it is sent."""
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _own(request: HttpRequest, slug: str, pk: int) -> Roster:
    row = managed(request, slug)
    found: Roster = get_object_or_404(people.rosters_of(row), pk=pk)
    found.institute = row
    return found


def _tabs(counts: people.Report, only: str) -> list[Tab]:
    """All lines, those with a problem, and each outcome and trouble that there is."""
    tabs = [Tab(_("All lines"), "?", only == "", counts.lines)]
    if counts.problems:
        label = _("Only problems")
        tabs.append(Tab(label, "?only=problems", only == "problems", counts.problems))
    kinds = [
        *((kind.value, str(label), counts.outcomes.get(kind, 0)) for kind, label in PEOPLE.items()),
        *(
            (kind.value, capfirst(str(kind.label)), counts.troubles.get(kind, 0))
            for kind in Trouble
        ),
    ]
    for key, label, n in kinds:
        if n:
            tabs.append(Tab(label, f"?only={key}", only == key, n))
    return tabs
