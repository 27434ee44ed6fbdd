"""The link in every mail by which its reader gets no more of the kind: one click, no signing in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from codetrack.accounts.models import User
from codetrack.core import notices
from codetrack.notifications import links, services


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the token says all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET only asks: what looks into mails follows links without being told to."""
    asked = links.read(token)
    if asked is None:
        raise Http404
    member = get_object_or_404(User, pk=asked.member_id) if asked.member_id else None
    done = request.method == "POST"
    if done:
        services.unsubscribe(member=member, address=asked.address, kinds=asked.kinds)
    labels = [notices.kinds[key].label for key in asked.kinds if key in notices.kinds]
    context = {"labels": labels, "member": member, "address": asked.address, "done": done}
    return render(request, "notifications/unsubscribe.html", context)
