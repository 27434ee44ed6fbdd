"""The Django admin of boards: which there are, and counting one anew."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from codetrack.standings import services
from codetrack.standings.models import Board


@admin.register(Board)
class BoardAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at: boards change by what happens, not by hand."""

    list_display = ("kind", "period", "starts_on", "changed_at")
    list_filter = ("period", "kind")
    ordering = ("kind", "period", "-starts_on")
    actions = ("count_anew",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Count these boards anew"), permissions=["view"])
    def count_anew(self, request: HttpRequest, boards: QuerySet[Board]) -> None:
        wrong = sum(services.recount(board=board) for board in boards)
        text = ngettext("%(wrong)d count was wrong.", "%(wrong)d counts were wrong.", wrong)
        messages.info(request, text % {"wrong": wrong})
