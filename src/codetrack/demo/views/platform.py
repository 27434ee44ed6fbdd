"""The control page of the pretend Codeforces: its accounts, its rounds, its troubles."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from codetrack.demo.forms import (
    BreakForm,
    FindForm,
    NewAccountForm,
    PlayForm,
    ProfileForm,
    SubmitForm,
)
from codetrack.demo.trouble import Mode
from codetrack.demo.views import pretend
from codetrack.demo.world import Account, NoSuchAccount, Taken
from codetrack.platforms.base import Tier
from codetrack.platforms.codeforces import Codeforces

PAGE = 25


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """The newest accounts first: whoever made one wants to see it."""
    world, words = pretend(), FindForm.words(request.GET)
    everybody = reversed(world.world.everybody())
    found = [account for account in everybody if words in _index(account)]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    trouble = world.codeforces.trouble.state
    context = {
        "page": page,
        "rows": [(account, _tier(account)) for account in page],
        "words": words,
        "trouble": trouble,
        "form": BreakForm(initial={"mode": trouble.mode, "seconds": trouble.seconds}),
    }
    return render(request, "demo/codeforces.html", context)


@require_POST
def break_it(request: HttpRequest) -> HttpResponse:
    form = BreakForm(request.POST)
    if form.is_valid():
        mode = Mode(form.cleaned_data["mode"])
        pretend().codeforces.trouble.make(mode, seconds=form.cleaned_data["seconds"])
        messages.success(request, _("Applied to the pretend Codeforces."))
    return redirect("demo:codeforces")


@require_POST
def club_round(request: HttpRequest) -> HttpResponse:
    """A rated round in which most of the club takes part."""
    world = pretend().world
    game = world.club_round()
    text = _("%(name)s is over, with %(count)s of the club.")
    messages.success(request, text % {"name": game.name, "count": len(world.results_of(game.id))})
    return redirect("demo:codeforces")


def new(request: HttpRequest) -> HttpResponse:
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = pretend().world.add(**form.cleaned_data)
        except Taken:
            form.taken()
        else:
            messages.success(request, _("%(handle)s is there.") % {"handle": made.handle})
            return redirect("demo:account", made.handle)
    return render(request, "demo/new.html", {"form": form})


def account(request: HttpRequest, handle: str) -> HttpResponse:
    world, found = pretend().world, _account(handle)
    form = ProfileForm(request.POST or None, initial=_texts(found))
    if request.method == "POST" and form.is_valid():
        world.edit_profile(found.handle, **form.cleaned_data)
        messages.success(request, _("The profile is saved on the pretend Codeforces."))
        return redirect("demo:account", found.handle)
    context = {
        "account": found,
        "tier": _tier(found),
        "form": form,
        "play_form": PlayForm(),
        "submit_form": SubmitForm(),
        "results": found.results[:-6:-1],
        "attempts": world.attempts(found)[:5],
    }
    return render(request, "demo/account.html", context)


@require_POST
def play(request: HttpRequest, handle: str) -> HttpResponse:
    form, found = PlayForm(request.POST), _account(handle)
    if form.is_valid():
        game = pretend().world.play([found.handle], form.cleaned_data["luck"])
        text = _("%(handle)s took part in %(name)s.")
        messages.success(request, text % {"handle": found.handle, "name": game.name})
    return redirect("demo:account", found.handle)


@require_POST
def submit(request: HttpRequest, handle: str) -> HttpResponse:
    form, found = SubmitForm(request.POST), _account(handle)
    if form.is_valid():
        sent = pretend().world.submit(found.handle, form.cleaned_data["verdict"])
        messages.success(request, _("Sent in for “%(task)s”.") % {"task": sent.task.name})
    return redirect("demo:account", found.handle)


def _account(handle: str) -> Account:
    try:
        return pretend().world.find(handle)
    except NoSuchAccount as error:
        raise Http404(_("Nobody in the pretend world has this handle.")) from error


def _texts(account: Account) -> dict[str, str]:
    return account.texts


def _tier(account: Account) -> Tier | None:
    return Codeforces.tier(account.rating)


def _index(account: Account) -> str:
    return f"{account.handle} {account.name} {' '.join(account.old_handles)}".lower()
