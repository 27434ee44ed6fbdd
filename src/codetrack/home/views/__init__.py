"""Landing, dashboard, member page, institute page: what several apps say, on one page."""

from codetrack.home.views.dashboard import dashboard, start, welcome
from codetrack.home.views.institute import institute
from codetrack.home.views.landing import landing
from codetrack.home.views.member import member
from codetrack.home.views.records import history, submissions

__all__ = [
    "dashboard",
    "history",
    "institute",
    "landing",
    "member",
    "start",
    "submissions",
    "welcome",
]
