"""Who may listen to what happens to boards and feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codetrack.live.topics import topic
from codetrack.standings import queries

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


@topic("feed", of_user=True)
def is_own_feed(user: AbstractBaseUser, pk: int) -> bool:
    """That somebody whom this member follows did something: nobody else's business."""
    return bool(user.pk == pk)


@topic("leaderboard")
def may_see_board(user: AbstractBaseUser, pk: int) -> bool:
    """That a board changed is told to everybody with an account; who stands on it is not."""
    return user.is_active and queries.is_board(pk)
