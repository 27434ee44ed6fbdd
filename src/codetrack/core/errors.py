"""The one small tree of errors that services raise and every door translates."""

from __future__ import annotations

from django.utils.translation import gettext


class HouseError(Exception):
    """Something a person can be told. `code` is stable and for programs, `message` is for people.

    A job tries again unless the error is `permanent`; `retry_after` is in seconds, where known.
    """

    status = 400
    permanent = True
    retry_after: float | None = None

    def __init__(self, message: str, *, code: str = "", field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).__name__.lower()
        self.field = field


class Problem(HouseError):
    """What was given cannot be used; `field` names the form field, if it was one."""

    status = 422


class NotAllowed(HouseError):
    """Visible, but not theirs to do."""

    status = 403


class Missing(HouseError):
    """Not there for whoever asks: it does not exist, or is not for them."""

    status = 404

    def __init__(self, message: str = "") -> None:
        super().__init__(message or gettext("There is nothing here."), code="not_found")


class Conflict(HouseError):
    """Somebody else was faster, or the state no longer allows it."""

    status = 409
    permanent = False


class TooMany(HouseError):
    """Asked too often; `retry_after` is in seconds."""

    status = 429
    permanent = False
    retry_after: float

    def __init__(self, message: str, *, retry_after: float, code: str = "too_many") -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unavailable(HouseError):
    """Something outside did not answer. A job tries again unless it is permanent.

    `retry_after` is in seconds, when the other side said so.
    """

    status = 503

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        code: str = "unavailable",
    ) -> None:
        super().__init__(message, code=code)
        self.permanent = permanent
        self.retry_after = retry_after
