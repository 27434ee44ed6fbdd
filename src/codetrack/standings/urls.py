"""The addresses of boards and of the feed."""

from django.urls import path

from codetrack.standings.views import feed

app_name = "standings"

urlpatterns = [
    path("feed/", feed.feed, name="feed"),
]
