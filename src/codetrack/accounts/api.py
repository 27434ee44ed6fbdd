"""Members, institutes and the caller themselves, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from codetrack.accounts import people_api, queries, services
from codetrack.accounts.caller import caller
from codetrack.accounts.models import ApiToken, Block, Institute, Membership, OnBoards, SeenBy, User
from codetrack.api.paging import Asked, Page, page
from codetrack.api.routing import mount
from codetrack.core.paging import Slice

me = Router(tags=["me"])
members = Router(tags=["members"])
institutes = Router(tags=["institutes"])


class InstituteOut(Schema):
    """An institute; `id` is that of its topic `institute:3`."""

    id: int
    slug: str
    name: str


class MemberOut(Schema):
    """A member as others see them; `country` is two letters (ISO 3166-1), empty when not said.

    `id` is that of their topic `member:12`, and for the caller of `account:12` and `feed:12`.
    """

    id: int
    username: str
    name: str
    about: str
    country: str = ""
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
    country: str | None = None


class PrivacyOut(Schema):
    """Who sees the caller's page, and how the caller stands on leaderboards."""

    seen_by: SeenBy
    on_boards: OnBoards


class PrivacyIn(Schema):
    """What to change; what is left out stays."""

    seen_by: SeenBy | None = None
    on_boards: OnBoards | None = None


class PersonOut(MemberOut):
    """A member in a list of who follows whom, and how they stand to the caller."""

    follows: bool = Field(description="Whether the caller follows them.")
    followed_back: bool = Field(description="Whether they follow the caller.")


class BlockOut(Schema):
    """Somebody whom the caller blocked."""

    username: str = Field(alias="blocked.username")
    name: str = Field(alias="blocked.name")
    created_at: datetime


class MembershipOut(Schema):
    """A member of an institute; `username` is null for whom the caller may not see."""

    username: str | None
    name: str
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
    fields = ("name", "username", "about", "time_zone", "country")
    kept = {field: getattr(member, field) for field in fields}
    services.update_profile(member=member, **{**kept, **change.model_dump(exclude_none=True)})
    return _me(member)


@me.get("/privacy", response=PrivacyOut, summary="Who sees the caller")
def read_privacy(request: HttpRequest) -> User:
    return caller(request)


@me.patch("/privacy", response=PrivacyOut, summary="Change who sees the caller")
def change_privacy(request: HttpRequest, change: PrivacyIn) -> User:
    """On leaderboards: `named`, `anonymous` (numbers without a name) or `hidden` (nothing)."""
    chosen = {field: str(value) for field, value in change.model_dump(exclude_none=True).items()}
    services.change_privacy(member=caller(request), **chosen)
    return caller(request)


@me.get("/blocks", response=Page[BlockOut], summary="Whom the caller blocked")
def list_blocks(request: HttpRequest, asked: Asked) -> Slice[Block]:
    return page(queries.blocked_by(caller(request)), asked, by=("-pk",))


@me.delete("/followers/{username}", response={204: None}, summary="Remove a follower")
def remove_follower(request: HttpRequest, username: str) -> Status[None]:
    """They hear no more of the caller, and are not told. 404 for whom the caller may not see."""
    rows = queries.followers_of(caller(request))
    follower = get_object_or_404(rows, username=username.lower())
    services.remove_follower(member=caller(request), follower=follower)
    return Status(204, None)


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
    member = _visible(request, username)
    return MemberOut(**_shown(member, _institute_of(member)))


@members.get("/{username}/following", response=Page[PersonOut], summary="Whom a member follows")
def list_following(request: HttpRequest, username: str, asked: Asked) -> Slice[PersonOut]:
    """Those whom the caller may see, the latest first."""
    member = _visible(request, username)
    rows = queries.followees_of(member, caller(request))
    return _people(request, page(rows, asked, by=("-since",)))


@members.get("/{username}/followers", response=Page[PersonOut], summary="Who follows a member")
def list_followers(request: HttpRequest, username: str, asked: Asked) -> Slice[PersonOut]:
    """Those whom the caller may see, the latest first."""
    member = _visible(request, username)
    rows = queries.followers_of(member, caller(request))
    return _people(request, page(rows, asked, by=("-since",)))


@members.put("/{username}/follow", response={204: None}, summary="Follow a member")
def follow(request: HttpRequest, username: str) -> Status[None]:
    """Twice is once. 409 while one of the two has blocked the other; 422 for oneself."""
    services.follow(follower=caller(request), followed=_visible(request, username))
    return Status(204, None)


@members.delete("/{username}/follow", response={204: None}, summary="Follow a member no more")
def unfollow(request: HttpRequest, username: str) -> Status[None]:
    services.unfollow(follower=caller(request), followed=_reachable(request, username))
    return Status(204, None)


@members.put("/{username}/block", response={204: None}, summary="Block a member")
def block(request: HttpRequest, username: str) -> Status[None]:
    """They no longer see the caller, neither follows the other, and they are not told."""
    services.block(blocker=caller(request), blocked=_visible(request, username))
    return Status(204, None)


@members.delete("/{username}/block", response={204: None}, summary="Unblock a member")
def unblock(request: HttpRequest, username: str) -> Status[None]:
    services.unblock(blocker=caller(request), blocked=_reachable(request, username))
    return Status(204, None)


@institutes.get("/{slug}", response=InstituteOut, summary="An institute")
def read_institute(request: HttpRequest, slug: str) -> Institute:
    return _institute(request, slug)


@institutes.get("/{slug}/members", response=Page[MembershipOut], summary="Its members")
def list_members(request: HttpRequest, slug: str, asked: Asked) -> Slice[MembershipOut]:
    """In the order of their names. Who belongs to it is known to all its members."""
    rows = queries.members_of(_institute(request, slug))
    found = page(rows, asked, by=("member__name", "pk"))
    seen = queries.seen_among(caller(request), [row.member_id for row in found.items])
    return Slice([_membership(row, row.member_id in seen) for row in found.items], found.next)


mount("/me", me)
mount("/members", members)
mount("/institutes", institutes)
mount("/institutes", people_api.router)


def _institute(request: HttpRequest, slug: str) -> Institute:
    return get_object_or_404(Institute.objects.visible_to(caller(request)), slug=slug)


def _visible(request: HttpRequest, username: str) -> User:
    return get_object_or_404(queries.visible_to(caller(request)), username=username.lower())


def _reachable(request: HttpRequest, username: str) -> User:
    return get_object_or_404(queries.reachable_by(caller(request)), username=username.lower())


def _people(request: HttpRequest, found: Slice[User]) -> Slice[PersonOut]:
    people = [
        PersonOut(
            **_shown(one.member, one.institute),
            follows=one.follows,
            followed_back=one.followed_back,
        )
        for one in queries.introduced(caller(request), found.items)
    ]
    return Slice(people, found.next)


def _membership(row: Membership, seen: bool) -> MembershipOut:
    """`joined_at` is set for all who are in."""
    return MembershipOut(
        username=row.member.username if seen else None,
        name=row.member.name,
        is_admin=row.is_admin,
        joined_at=row.joined_at or row.created_at,
    )


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
        "id": member.pk,
        "username": member.username,
        "name": member.name,
        "about": member.about,
        "country": member.country,
        "institute": InstituteOut.from_orm(institute) if institute else None,
    }
