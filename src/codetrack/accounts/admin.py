"""The Django admin of accounts, for the site admin; signing in goes through allauth."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from codetrack.accounts.events import AccountErased, ProfileChanged
from codetrack.accounts.models import ApiToken, EmailDomain, Institute, Membership, User
from codetrack.core.events import record

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def _admin(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _tell(request: HttpRequest, member: User, fields: list[str]) -> None:
    """What is written here is followed elsewhere like what the services write."""
    changed = ProfileChanged(fields=fields)
    record(changed, actor=_admin(request), subject=member, topics=[f"member:{member.pk}"])


@admin.register(User)
class MemberAdmin(UserAdmin):  # type: ignore[type-arg]
    list_display = ("username", "name", "email", "is_author", "is_developer", "is_superuser")
    list_filter = ("is_superuser", "is_author", "is_developer", "is_active")
    search_fields = ("username", "name", "email")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Member"), {"fields": ("name", "email", "about", "time_zone", "country")}),
        (
            _("Roles"),
            {"fields": ("is_active", "is_author", "is_developer", "is_staff", "is_superuser")},
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "email", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")
    ordering = ("username",)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        obj.put_in_search()
        if change:
            _tell(request, obj, form.changed_data)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        erased = AccountErased(member_id=obj.pk)
        super().delete_model(request, obj)
        record(erased, actor=_admin(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for member in list(queryset):
            self.delete_model(request, member)


class EmailDomainInline(admin.TabularInline):  # type: ignore[type-arg]
    model = EmailDomain
    extra = 0


@admin.register(Institute)
class InstituteAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("created_at",)
    inlines = (EmailDomainInline,)


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("member", "institute", "state", "way", "is_admin", "joined_at")
    list_filter = ("state", "is_admin", "institute")
    list_select_related = ("member", "institute")
    search_fields = ("member__username", "member__name", "member__email")
    autocomplete_fields = ("member", "institute")
    readonly_fields = ("created_at",)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        _tell(request, obj.member, ["institute"])

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        super().delete_model(request, obj)
        _tell(request, obj.member, ["institute"])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in list(queryset.select_related("member")):
            self.delete_model(request, membership)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Tokens can be looked at and revoked here, never made: only their owner sees the secret."""

    list_display = ("__str__", "owner", "name", "may_write", "last_used_at", "expires_at")
    list_select_related = ("owner",)
    search_fields = ("prefix", "name", "owner__username")
    readonly_fields = tuple(field.name for field in ApiToken._meta.fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
