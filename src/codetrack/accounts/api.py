"""Members, institutes and the caller themselves, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from codetrack.accounts import queries, services
from codetrack.accounts.caller import caller
from codetrack.accounts.models import ApiToken, Institute, Membership, User
from codetrack.api.paging import Asked, Page, page
from codetrack.api.routing import mount
from codetrack.core.paging import Slice

me = Router(tags=["me"])
members = Router(tags=["members"])
institutes = Router(tags=["institutes"])


class InstituteOut(Schema):
    slug: str
    name: str


class MemberOut(Schema):
    """A member as others see them."""

    username: str
    name: str
    about: str
    institute: InstituteOut | None = None


class MeOut(MemberOut):
    """The caller: with what only they see."""

    email: str
    time_zone: str
    is_author: bool
    is_developer: bool
    is_site_admin: bool


class ProfileIn(Schema):
    """What to change; what is left out stays."""

    name: str | None = None
    about: str | None = None
    time_zone: str | None = None


class MembershipOut(Schema):
    """A member of an institute."""

    username: str = Field(alias="member.username")
    name: str = Field(alias="member.name")
    is_admin: bool
    joined_at: datetime


class TokenOut(Schema):
    """An API token; its secret was shown once and is not kept."""

    prefix: str
    name: str
    may_write: bool
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


@me.get("", response=MeOut, summary="The caller")
def read_me(request: HttpRequest) -> MeOut:
    return _me(caller(request))


@me.patch("", response=MeOut, summary="Change the caller's profile")
def change_me(request: HttpRequest, change: ProfileIn) -> MeOut:
    member = caller(request)
    kept = {field: getattr(member, field) for field in ("name", "username", "about", "time_zone")}
    services.update_profile(member=member, **{**kept, **change.model_dump(exclude_none=True)})
    return _me(member)


@me.get("/tokens", response=list[TokenOut], summary="The caller's API tokens")
def list_tokens(request: HttpRequest) -> list[ApiToken]:
    return list(queries.tokens_of(caller(request)))


@me.delete("/tokens/{prefix}", response={204: None}, summary="Revoke an API token")
def revoke_token(request: HttpRequest, prefix: str) -> Status[None]:
    token = get_object_or_404(queries.tokens_of(caller(request)), prefix=prefix)
    services.revoke_token(token=token, by=caller(request))
    return Status(204, None)


@members.get("", response=list[MemberOut], summary="Find members")
def find_members(request: HttpRequest, q: Annotated[str, Query(min_length=1)]) -> list[MemberOut]:
    """The best 30 whose name, username or words about them begin with the words of `q`."""
    found = queries.found_members(caller(request), q)
    institutes = queries.institutes_by_member(found)
    return [MemberOut(**_shown(member, institutes.get(member.pk))) for member in found]


@members.get("/{username}", response=MemberOut, summary="A member")
def read_member(request: HttpRequest, username: str) -> MemberOut:
    member = get_object_or_404(queries.visible_to(caller(request)), username=username.lower())
    return MemberOut(**_shown(member, _institute_of(member)))


@institutes.get("/{slug}", response=InstituteOut, summary="An institute")
def read_institute(request: HttpRequest, slug: str) -> Institute:
    return _institute(request, slug)


@institutes.get("/{slug}/members", response=Page[MembershipOut], summary="Its members")
def list_members(request: HttpRequest, slug: str, asked: Asked) -> Slice[Membership]:
    rows = queries.members_of(_institute(request, slug))
    return page(rows, asked, by=("member__username", "pk"))


mount("/me", me)
mount("/members", members)
mount("/institutes", institutes)


def _institute(request: HttpRequest, slug: str) -> Institute:
    return get_object_or_404(Institute.objects.visible_to(caller(request)), slug=slug)


def _me(member: User) -> MeOut:
    return MeOut(
        **_shown(member, _institute_of(member)),
        email=member.email,
        time_zone=member.time_zone,
        is_author=member.is_author,
        is_developer=member.is_developer,
        is_site_admin=member.is_superuser,
    )


def _institute_of(member: User) -> Institute | None:
    current = member.current_membership()
    return current.institute if current else None


def _shown(member: User, institute: Institute | None) -> dict[str, Any]:
    return {
        "username": member.username,
        "name": member.name,
        "about": member.about,
        "institute": InstituteOut.from_orm(institute) if institute else None,
    }
