"""The way in: what is pretended here, how it stands, and trouble everywhere at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from codetrack.demo.forms import BreakForm
from codetrack.demo.views import pretend


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    world = pretend()
    context = {
        "mails": len(world.mailbox.all()),
        "manner": world.mailbox.manner,
        "platforms": [
            (platform, len(platform.world.everybody()), platform.trouble.state)
            for platform in world.platforms.values()
        ],
    }
    return render(request, "demo/index.html", context)


@require_POST
def break_all(request: HttpRequest) -> HttpResponse:
    """Everything is down, or works again: whatever the form says, on every platform."""
    form = BreakForm(request.POST)
    if form.is_valid():
        for platform in pretend().platforms.values():
            form.apply(platform.trouble)
        messages.success(request, _("Applied to every pretend platform."))
    return redirect("demo:index")
