"""The control page of one pretend account: its profile, its rounds, its attempts, its end."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from codetrack.demo.forms import PlayForm, ProfileForm, RenameForm, SubmitForm
from codetrack.demo.people import Account
from codetrack.demo.platform import PretendPlatform
from codetrack.demo.views import account_or_404, adapter, platform_or_404, tier
from codetrack.demo.world import Taken


@require_GET
def short(request: HttpRequest, key: str, handle: str) -> HttpResponse:
    """An address that can be guessed."""
    return redirect(reverse("demo:account", args=[key, handle], query=request.GET))


def profile(request: HttpRequest, key: str, handle: str) -> HttpResponse:
    platform = platform_or_404(key)
    found = account_or_404(platform, handle)
    form = ProfileForm(adapter(platform), request.POST or None, initial=found.texts)
    if request.method == "POST" and form.is_valid():
        platform.world.edit_profile(found.handle, **form.cleaned_data)
        text = _("The profile is saved on the pretend %(platform)s.")
        messages.success(request, text % {"platform": platform.name})
        return redirect("demo:account", key, found.handle)
    return _page(request, platform, found, profile_form=form)


@require_POST
def play(request: HttpRequest, key: str, handle: str) -> HttpResponse:
    platform, form = platform_or_404(key), PlayForm(request.POST)
    found = account_or_404(platform, handle)
    if form.is_valid():
        game = platform.world.play([found.handle], form.cleaned_data["luck"])
        text = _("%(handle)s took part in %(name)s.")
        messages.success(request, text % {"handle": found.handle, "name": game.name})
    return redirect("demo:account", key, found.handle)


@require_POST
def revise(request: HttpRequest, key: str, handle: str) -> HttpResponse:
    """The platform recalculates the ratings of the last round that the account was in."""
    platform = platform_or_404(key)
    found = account_or_404(platform, handle)
    if found.results:
        before = found.results[-1]
        platform.world.revise(before.round.id)
        text = _("%(name)s is recalculated: %(before)s is %(after)s now.")
        words = {"name": before.round.name, "before": before.new, "after": found.rating}
        messages.success(request, text % words)
    return redirect("demo:account", key, found.handle)


@require_POST
def submit(request: HttpRequest, key: str, handle: str) -> HttpResponse:
    platform = platform_or_404(key)
    found = account_or_404(platform, handle)
    form = SubmitForm(platform.world, request.POST)
    if not form.is_valid():
        return _page(request, platform, found, submit_form=form)
    sent = platform.world.submit(found.handle, form.cleaned_data["verdict"], form.task())
    messages.success(request, _("Sent in for “%(task)s”.") % {"task": sent.task.name})
    return redirect("demo:account", key, found.handle)


@require_POST
def rename(request: HttpRequest, key: str, handle: str) -> HttpResponse:
    platform = platform_or_404(key)
    found = account_or_404(platform, handle)
    form = RenameForm(adapter(platform), request.POST)
    if form.is_valid():
        try:
            platform.world.rename(found.handle, form.cleaned_data["handle"])
        except Taken:
            form.taken()
        else:
            words = {"old": found.old_handles[-1], "new": found.handle}
            messages.success(request, _("%(old)s is called %(new)s now.") % words)
            return redirect("demo:account", key, found.handle)
    return _page(request, platform, found, rename_form=form)


@require_POST
def delete(request: HttpRequest, key: str, handle: str) -> HttpResponse:
    platform = platform_or_404(key)
    found = account_or_404(platform, handle)
    platform.world.delete(found.handle)
    text = _("%(handle)s is gone: %(platform)s knows nobody by that name.")
    messages.success(request, text % {"handle": found.handle, "platform": platform.name})
    return redirect("demo:platform", key)


def _page(
    request: HttpRequest,
    platform: PretendPlatform,
    account: Account,
    **forms: ProfileForm | SubmitForm | RenameForm,
) -> HttpResponse:
    """With the given forms, which have something to say, and fresh ones for the rest."""
    site, world = adapter(platform), platform.world
    context = {
        "platform": platform,
        "account": account,
        "tier": tier(platform, account),
        "profile_form": ProfileForm(site, initial=account.texts),
        "play_form": PlayForm(),
        "submit_form": SubmitForm(world, problem=request.GET.get("problem", "")),
        "rename_form": RenameForm(site),
        "results": account.results[:-6:-1],
        "attempts": world.attempts(account)[:5],
    }
    return render(request, "demo/account.html", context | forms)
