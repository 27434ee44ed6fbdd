"""Where a site admin sees what core keeps, and starts again what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from codetrack.core import clock, mail
from codetrack.core.errors import HouseError
from codetrack.core.jobs import lease
from codetrack.core.models import Event, Job, OutgoingMail, Schedule, Station

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[models.Model]
else:
    BaseAdmin = admin.ModelAdmin


class SeenOnly(BaseAdmin):
    """Rows that are looked at and never edited: the code writes them."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def each[M: models.Model](
        self, request: HttpRequest, rows: QuerySet[M], act: Callable[[M], object]
    ) -> None:
        """Do it to every chosen row, and say for how many it went well and why not for others."""
        done, refused = 0, set[str]()
        for row in rows:
            try:
                act(row)
            except HouseError as error:
                refused.add(error.message)
            else:
                done += 1
        for text in sorted(refused):
            self.message_user(request, text, messages.WARNING)
        if done:
            text = ngettext("%(n)s started again.", "%(n)s started again.", done) % {"n": done}
            self.message_user(request, text)


@admin.register(Job)
class JobAdmin(SeenOnly):
    list_display = ["task", "status", "queue", "key", "failures", "run_at", "finished_at"]
    list_filter = ["status", "queue", "task"]
    search_fields = ["task", "key", "error"]
    ordering = ["-pk"]
    actions = ["run_again"]

    @admin.action(description=gettext_lazy("Run the failed ones again"), permissions=["act"])
    def run_again(self, request: HttpRequest, rows: QuerySet[Job]) -> None:
        self.each(request, rows, lease.run_again)


@admin.register(Schedule)
class ScheduleAdmin(SeenOnly):
    list_display = ["name", "next_at", "last_at"]
    actions = ["run_now"]

    @admin.action(description=gettext_lazy("Run now"), permissions=["act"])
    def run_now(self, request: HttpRequest, rows: QuerySet[Schedule]) -> None:
        rows.update(next_at=clock.now())


@admin.register(OutgoingMail)
class OutgoingMailAdmin(SeenOnly):
    list_display = ["subject", "recipients", "state", "attempts", "created_at", "sent_at"]
    list_filter = ["state"]
    search_fields = ["subject", "message_id", "recipients"]
    ordering = ["-pk"]
    # A mail may carry a link that signs somebody in: its text is not for the admin page.
    exclude = ["message"]
    actions = ["send_again"]

    @admin.action(description=gettext_lazy("Send again"), permissions=["act"])
    def send_again(self, request: HttpRequest, rows: QuerySet[OutgoingMail]) -> None:
        self.each(request, rows, lambda row: mail.send_again(mail=row))


@admin.register(Event)
class EventAdmin(SeenOnly):
    list_display = ["seq", "tag", "actor_id", "subject_type", "subject_id", "at"]
    search_fields = ["tag"]
    ordering = ["-pk"]


@admin.register(Station)
class StationAdmin(SeenOnly):
    list_display = ["kind", "host", "state", "level", "checked_at", "seen_at"]
