"""What the pages of home show, put together from members and their ratings."""

from codetrack.home.queries.activity import activity
from codetrack.home.queries.boards import best_in_public, best_of
from codetrack.home.queries.dashboard import fellows, stopped, upcoming
from codetrack.home.queries.judge import judges, languages
from codetrack.home.queries.member import RECENT, drawn, played
from codetrack.home.queries.news import news
from codetrack.home.queries.records import played_of
from codetrack.home.queries.solved import summary
from codetrack.home.queries.welcome import left, steps

__all__ = [
    "RECENT",
    "activity",
    "best_in_public",
    "best_of",
    "drawn",
    "fellows",
    "judges",
    "languages",
    "left",
    "news",
    "played",
    "played_of",
    "steps",
    "stopped",
    "summary",
    "upcoming",
]
