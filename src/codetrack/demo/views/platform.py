"""The control page of a pretend platform: its accounts, its rounds, its troubles."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from codetrack.demo.forms import BreakForm, FindForm, NewAccountForm
from codetrack.demo.people import Account
from codetrack.demo.views import adapter, platform_or_404, tier
from codetrack.demo.world import Taken

PAGE = 25


@require_GET
def accounts(request: HttpRequest, key: str) -> HttpResponse:
    """The newest accounts first: whoever made one wants to see it."""
    platform, words = platform_or_404(key), FindForm.words(request.GET)
    everybody = reversed(platform.world.everybody())
    found = [account for account in everybody if words in _index(account)]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    trouble = platform.trouble.state
    context = {
        "platform": platform,
        "page": page,
        "rows": [(account, tier(platform, account)) for account in page],
        "words": words,
        "problem": platform.world.task(request.GET.get("problem", "")),
        "trouble": trouble,
        "form": BreakForm(initial={"mode": trouble.mode, "seconds": trouble.seconds}),
    }
    return render(request, "demo/platform.html", context)


@require_POST
def break_it(request: HttpRequest, key: str) -> HttpResponse:
    platform, form = platform_or_404(key), BreakForm(request.POST)
    if form.is_valid():
        form.apply(platform.trouble)
        messages.success(
            request, _("Applied to the pretend %(platform)s.") % {"platform": platform.name}
        )
    return redirect("demo:platform", key)


@require_POST
def club_round(request: HttpRequest, key: str) -> HttpResponse:
    """A rated round in which most of the club takes part."""
    world = platform_or_404(key).world
    game = world.club_round()
    text = _("%(name)s is over, with %(count)s of the club.")
    messages.success(request, text % {"name": game.name, "count": len(world.results_of(game.id))})
    return redirect("demo:platform", key)


def new(request: HttpRequest, key: str) -> HttpResponse:
    platform = platform_or_404(key)
    form = NewAccountForm(adapter(platform), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = platform.world.add(**form.cleaned_data)
        except Taken:
            form.taken()
        else:
            messages.success(request, _("%(handle)s is there.") % {"handle": made.handle})
            return redirect("demo:account", key, made.handle)
    return render(request, "demo/new.html", {"platform": platform, "form": form})


def _index(account: Account) -> str:
    return f"{account.handle} {account.name} {' '.join(account.old_handles)}".lower()
