"""The Django admin of notifications: what left this site, what did not, and why."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from codetrack.notifications.models import Blocked, Delivery


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at: rows change by what happens, not by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("pk", "channel", "to", "how", "state", "attempts", "due_at", "sent_at", "error")
    list_filter = ("state", "channel", "how")
    list_select_related = ("member",)
    search_fields = ("member__username", "address", "recipient", "last_error")
    ordering = ("-pk",)
    show_full_result_count = False

    @admin.display(description=_("to"))
    def to(self, row: Delivery) -> str:
        return row.recipient or row.address or str(row.member)

    @admin.display(description=_("last error"))
    def error(self, row: Delivery) -> str:
        return Truncator(row.last_error).chars(120)


@admin.register(Blocked)
class BlockedAdmin(ReadOnlyAdmin):
    list_display = ("address", "why", "error", "created_at")
    list_filter = ("why",)
    search_fields = ("address", "error")
    ordering = ("-pk",)
