"""What can go wrong with a platform, so that the caller knows what may be believed."""


class PlatformError(Exception):
    """A platform did not give what was asked; `message` can be shown to a member.

    Only `NotFound` says something about a handle. On any other kind nothing may be written but the
    failure itself.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(PlatformError):
    """The platform itself says that this handle, contest or problem does not exist."""


class Invalid(PlatformError):
    """What was asked for can never exist there: a handle too long, a link to another site."""


class RateLimited(PlatformError):
    """Asked too often; `retry_after` is the wait in seconds, where the platform named one."""

    #: In every message, so that what is left of one later still says what it was.
    SAID = "asks us to slow down"

    def __init__(self, site: str, retry_after: float | None = None) -> None:
        super().__init__(f"{site} {self.SAID}.")
        self.retry_after = retry_after


class Blocked(PlatformError):
    """The platform answers people but not us: a challenge page, a refused address."""


class Private(PlatformError):
    """The account is there, and its owner hides what was asked for."""


class Transient(PlatformError):
    """Down, overloaded, cut off on the way: the same question may well be answered later."""


class ChangedLayout(PlatformError):
    """A whole answer that is not built as this adapter expects: the adapter has to be mended."""
