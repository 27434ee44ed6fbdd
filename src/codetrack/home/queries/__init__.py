"""What the pages of home show, put together from members and their ratings."""

from codetrack.home.queries.boards import BEST, board, board_page
from codetrack.home.queries.member import RECENT, chart, played

__all__ = ["BEST", "RECENT", "board", "board_page", "chart", "played"]
