"""Landing, start, member page, institute page: what several apps say, on one page."""

from codetrack.home.views.institute import institute
from codetrack.home.views.landing import landing, start
from codetrack.home.views.member import member

__all__ = ["institute", "landing", "member", "start"]
