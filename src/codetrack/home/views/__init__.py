"""Pages that put together what several apps say, or what no single one of them owns."""

from codetrack.home.views.dashboard import dashboard, start, welcome
from codetrack.home.views.institute import institute
from codetrack.home.views.judge import ask_judge, judge
from codetrack.home.views.landing import landing
from codetrack.home.views.member import member
from codetrack.home.views.records import history, submissions

__all__ = [
    "ask_judge",
    "dashboard",
    "history",
    "institute",
    "judge",
    "landing",
    "member",
    "start",
    "submissions",
    "welcome",
]
