"""Following, and being left alone: who hears what whom does."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from codetrack.accounts import events, permissions
from codetrack.accounts.models import Block, Follow, User
from codetrack.core import limits
from codetrack.core.errors import Conflict, Missing, Problem
from codetrack.core.events import record


def follow(*, follower: User, followed: User) -> None:
    """`follower` hears from now on what `followed` does. Twice is once.

    Raises Missing for whom `follower` may not see, Problem for oneself, Conflict while one of the
    two has blocked the other.
    """
    if follower == followed:
        raise Problem(_("That is you: your own news is on your dashboard."), code="oneself")
    limits.take("accounts.follow", follower, times=60, per=600)
    with transaction.atomic():
        _hold(follower, followed)
        if not followed.is_active or not permissions.may_see(follower, followed):
            raise Missing
        _check_blocks(follower, followed)
        _row, created = Follow.objects.get_or_create(follower=follower, followed=followed)
        if created:
            # Each time the other is told. What is rolled back told nobody, so it need not count.
            pair = f"{follower.pk}:{followed.pk}"
            limits.take("accounts.follow.again", pair, times=10, per=86_400)
            told = events.MemberFollowed(member_id=followed.pk)
            record(told, actor=follower, subject=followed, topics=_topics(follower, followed))


@transaction.atomic
def unfollow(*, follower: User, followed: User) -> None:
    """`follower` hears no more of `followed`. Where there is nothing to end, nothing happens."""
    ended, _rows = Follow.objects.filter(follower=follower, followed=followed).delete()
    if ended:
        told = events.MemberUnfollowed(member_id=followed.pk)
        record(told, actor=follower, subject=followed, topics=_topics(follower, followed))


@transaction.atomic
def unfollow_unseen(*, follower: User) -> None:
    """`follower` hears no more of those whose pages are not for them any more."""
    seen = User.objects.visible_to(follower).values("pk")
    links = Follow.objects.filter(follower=follower, followed__is_active=True)
    for link in links.exclude(followed__in=seen).select_related("followed"):
        unfollow(follower=follower, followed=link.followed)


@transaction.atomic
def remove_follower(*, member: User, follower: User) -> None:
    """`follower` hears no more of `member`, and is not told. Who may see the page may come back."""
    _remove(member, Follow.objects.filter(followed=member, follower=follower))


@transaction.atomic
def remove_unseen_followers(*, member: User) -> None:
    """Those whose pages are not for `member` hear no more of them."""
    seen = User.objects.visible_to(member).values("pk")
    links = Follow.objects.filter(followed=member, follower__is_active=True)
    _remove(member, links.exclude(follower__in=seen))


def _remove(member: User, links: QuerySet[Follow]) -> None:
    ended, _rows = links.delete()
    if ended:
        told = events.FollowersRemoved(member_id=member.pk, count=ended)
        topics = [f"account:{member.pk}", f"member:{member.pk}"]
        record(told, actor=member, subject=member, topics=topics)


@transaction.atomic
def block(*, blocker: User, blocked: User) -> None:
    """`blocked` no longer sees `blocker`, and neither follows the other. `blocked` is not told.

    Admins of an institute go on seeing its members. Raises Missing for whom `blocker` may not see.
    """
    if blocker == blocked:
        raise Problem(_("That is you."), code="oneself")
    _hold(blocker, blocked)
    if not permissions.may_see(blocker, blocked):
        raise Missing
    _row, created = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    pair = [blocker.pk, blocked.pk]
    Follow.objects.filter(follower__in=pair, followed__in=pair).delete()
    if created:
        told = events.MemberBlocked(member_id=blocked.pk)
        topics = [f"account:{blocker.pk}", f"rights:{blocked.pk}"]
        record(told, actor=blocker, subject=blocked, topics=topics)


@transaction.atomic
def unblock(*, blocker: User, blocked: User) -> None:
    """`blocked` sees `blocker` as everybody does. Who followed whom does not come back."""
    ended, _rows = Block.objects.filter(blocker=blocker, blocked=blocked).delete()
    if ended:
        told = events.MemberUnblocked(member_id=blocked.pk)
        record(told, actor=blocker, subject=blocked, topics=[f"account:{blocker.pk}"])


def _check_blocks(follower: User, followed: User) -> None:
    """An admin sees also who blocked them, and is not told."""
    if Block.objects.filter(blocker=follower, blocked=followed).exists():
        text = _("You blocked %(name)s. Unblock them first.") % {"name": followed}
        raise Conflict(text, code="blocked")
    if Block.objects.filter(blocker=followed, blocked=follower).exists():
        raise Conflict(_("This member cannot be followed."), code="not_possible")


def _hold(one: User, other: User) -> None:
    """Lets what is between two members change one after the other: held in one order by all."""
    pks = [one.pk, other.pk]
    list(User.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))


def _topics(follower: User, followed: User) -> list[str]:
    return [f"account:{follower.pk}", f"member:{followed.pk}"]
