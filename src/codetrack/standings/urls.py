"""The addresses of boards and of the feed."""

from django.urls import path

from codetrack.standings.views import boards, feed

app_name = "standings"

urlpatterns = [
    path("leaderboard/", boards.leaderboard, name="leaderboard"),
    path("feed/", feed.feed, name="feed"),
]
