"""The way in: what is pretended here, and how it stands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from codetrack.demo.views import pretend


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    world = pretend()
    context = {
        "mails": len(world.mailbox.all()),
        "manner": world.mailbox.manner,
        "accounts": len(world.world.everybody()),
        "trouble": world.codeforces.trouble.state,
    }
    return render(request, "demo/index.html", context)
