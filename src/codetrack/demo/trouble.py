"""Ways in which a pretend platform can be broken, for its control page and for tests."""

import threading
from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """How a platform is broken."""

    NONE = "none"
    LIMITED = "limited"
    DOWN = "down"
    CHALLENGE = "challenge"
    TRUNCATED = "truncated"
    SLOW = "slow"
    LAYOUT = "layout"


# Our own words in the shape of the page that a challenge service sends.
CHALLENGE_PAGE = b"""<!DOCTYPE html>
<html lang="en-US">
  <head><title>Just a moment...</title><meta name="robots" content="noindex,nofollow"></head>
  <body>
    <h1>The pretend platform checks that you are a person</h1>
    <noscript>Enable JavaScript and cookies to continue</noscript>
    <script>window._cf_chl_opt = {cvId: "3", cType: "managed"};</script>
  </body>
</html>
"""


@dataclass(frozen=True, slots=True)
class State:
    """The trouble of the moment."""

    mode: Mode = Mode.NONE
    #: For LIMITED the value of Retry-After, for SLOW the wait before the answer.
    seconds: float = 3
    #: Requests it still hits; None until it is mended.
    left: int | None = None


class Trouble:
    """The switch between the one who breaks a platform and the server that has to be broken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state = State()

    @property
    def state(self) -> State:
        return self._state

    def make(self, mode: Mode, *, seconds: float = 3, requests: int | None = None) -> None:
        """Break it, for so many requests or until it is mended."""
        with self._lock:
            self._state = State(mode, seconds, requests)

    def mend(self) -> None:
        self.make(Mode.NONE)

    def take(self) -> State:
        """The trouble that hits this request."""
        with self._lock:
            state = self._state
            if state.left is not None:
                left = state.left - 1
                self._state = State(state.mode, state.seconds, left) if left > 0 else State()
            return state
