"""The pages where a member links handles and proves them, and the one about the score."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from codetrack.accounts.caller import caller
from codetrack.accounts.views.answers import done, told_in
from codetrack.core import clock
from codetrack.core.errors import Conflict, TooMany
from codetrack.ratings import adapters, queries, services, troubles
from codetrack.ratings.forms import LinkForm
from codetrack.ratings.models import Claim, Proof


@login_required
@require_GET
def handles(request: HttpRequest) -> HttpResponse:
    return _handles(request)


@login_required
@require_POST
def link(request: HttpRequest, platform: str) -> HttpResponse:
    form = LinkForm(adapters.adapter(platform), request.POST)
    if form.is_valid():
        with told_in(form):
            text = form.cleaned_data["text"]
            services.link_handle(member=caller(request), platform=platform, text=text)
        if form.is_valid():
            return redirect("ratings:handles")
    return _handles(request, form)


@login_required
@require_GET
def row(request: HttpRequest, pk: int) -> HttpResponse:
    """One handle, asked for again while its account is being read."""
    return render(
        request, "ratings/handles.html#row", {"row": _row(request, _own_claim(request, pk))}
    )


@login_required
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Names another account of the same platform instead."""
    claim = get_object_or_404(queries.every_claim(caller(request)), pk=pk)
    form = LinkForm(adapters.adapter(claim.platform), request.POST)
    if form.is_valid():
        with told_in(form):
            text = form.cleaned_data["text"]
            services.change_handle(claim=claim, text=text, by=caller(request))
        if form.is_valid():
            return redirect("ratings:handles")
    return _handles(request, form)


@login_required
@require_POST
def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    claim = _own_claim(request, pk)
    hint = ""
    try:
        services.request_refresh(handle=claim.handle, by=caller(request))
    except TooMany as error:
        hint = error.message
    if request.headers.get("HX-Request") and hint:
        row = _row(request, claim) | {"hint": hint}
        return render(request, "ratings/handles.html#row", {"row": row})
    if request.headers.get("HX-Request"):
        return redirect("ratings:row", pk)
    if hint:
        messages.warning(request, hint)
    return redirect("ratings:handles")


@login_required
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what will happen, then does it."""
    claim = _own_claim(request, pk)
    if request.method != "POST":
        return render(request, "ratings/unlink.html", {"reading": queries.Reading(claim)})
    return done(
        request,
        "ratings:handles",
        lambda: services.unlink_handle(claim=claim, by=caller(request)),
        _("%(handle)s is no longer linked.") % {"handle": claim.handle.shown},
    )


@login_required
@never_cache
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """What a claim is to be proven by and what was seen of it; a POST begins a new proof."""
    claim = _own_claim(request, pk)
    if request.method != "POST":
        return _proof(request, claim)
    usual = adapters.ways(adapters.adapter(claim.platform))[0].key
    way = request.POST.get("method") or usual
    services.start_proof(claim=claim, method=way, by=caller(request))
    return redirect("ratings:proof", claim.pk)


@login_required
@never_cache
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Has the token looked for now; the page is told of the outcome when there is one."""
    claim = _own_claim(request, pk)
    found = get_object_or_404(queries.proofs_of(claim))
    told: dict[str, Any] = {}
    try:
        services.request_check(proof=found, by=caller(request))
    except TooMany as error:
        told = {"hint": error.message, "seconds": math.ceil(error.retry_after)}
    except Conflict:
        pass  # used or expired meanwhile: the page says which
    if request.headers.get("HX-Request") or told:
        return _proof(request, claim, told)
    return redirect("ratings:proof", pk)


@require_GET
def score(request: HttpRequest) -> HttpResponse:
    """How the score is made, to everybody; to a member with their own parts."""
    own = queries.score_parts(request.user) if request.user.is_authenticated else None
    context = {"explained": queries.Explained(), "scored": own}
    return render(request, "ratings/score.html", context)


def _handles(request: HttpRequest, wrong: LinkForm | None = None) -> HttpResponse:
    """A section a platform: what is linked there, or the form that links something."""
    member = caller(request)
    rows = {claim.platform: _row(request, claim, wrong) for claim in queries.own_claims(member)}
    forms = {one.key: LinkForm(one) for one in adapters.enabled()}
    if wrong and wrong.key in forms:
        forms[wrong.key] = wrong
    platforms = [{"row": rows.get(key), "form": forms.get(key)} for key in sorted({*rows, *forms})]
    lost = [queries.Reading(claim) for claim in queries.lost_claims(member)]
    context = {"platforms": platforms, "lost": lost}
    return render(request, "ratings/handles.html", context)


def _row(request: HttpRequest, claim: Claim, wrong: LinkForm | None = None) -> dict[str, Any]:
    """A handle with what can be done about it; `form` names another account instead."""
    reading = queries.Reading(claim)
    platform = reading.platform
    shown = {"claim": claim, "reading": reading, "handle": claim.handle}
    if platform is None or not adapters.is_enabled(platform.key):
        return shown
    bound = wrong if wrong and wrong.key == platform.key else None
    return shown | {
        "on": True,
        "form": bound or LinkForm(platform, initial={"text": claim.handle.shown}),
        "place": queries.place_of(claim.handle),
        "advice": caller(request).is_superuser
        and troubles.advice(claim.handle.state, platform.key),
    }


def _proof(
    request: HttpRequest, claim: Claim, told: Mapping[str, Any] | None = None
) -> HttpResponse:
    found = queries.proofs_of(claim).first()
    platform = adapters.adapter(claim.platform)
    context = {
        "claim": claim,
        "reading": queries.Reading(claim),
        "proof": found,
        "ways": adapters.ways(platform),
    }
    if claim.verified_at is not None:
        context["way"] = next(
            (one for one in adapters.ways(platform) if one.key == claim.method), None
        )
    elif found is not None:
        context |= {**_asked(found, platform), **(told or {})}
    if not request.headers.get("HX-Request"):
        return render(request, "ratings/proof.html", context)
    if claim.verified_at is not None:  # another page: its title and heading say so
        return HttpResponseClientRedirect(reverse("ratings:proof", args=[claim.pk]))
    return render(request, "ratings/proof.html#panel", context)


def _asked(found: Proof, platform: adapters.Adapter) -> dict[str, Any]:
    """What is to be put where, and when it is looked for again; nothing of an expired proof."""
    now = clock.now()
    if now > found.expires_at:
        return {"expired": True}
    asked_for = (now - found.asked_at).total_seconds() if found.asked_at else 0.0
    asked: dict[str, Any] = {
        "open": True,
        "way": adapters.way(platform, found.method),
        "seconds": max(1, math.ceil(settings.PROOF_CHECK_SECONDS - asked_for)),
    }
    problem = adapters.proof_problem(platform, found.problem)
    if problem is None:
        return asked | {"token": services.token_of(found)}
    return asked | {"problem": problem, "problem_url": adapters.problem_url(platform, problem)}


def _own_claim(request: HttpRequest, pk: int) -> Claim:
    return get_object_or_404(queries.own_claims(caller(request)), pk=pk)
