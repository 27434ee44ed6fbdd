"""The addresses of handles, and of what the score is."""

from django.urls import path

from codetrack.ratings import views

app_name = "ratings"

urlpatterns = [
    path("leaderboard/score/", views.score, name="score"),
    path("settings/handles/", views.handles, name="handles"),
    path("settings/handles/<slug:platform>/link/", views.link, name="link"),
    path("settings/handles/<int:pk>/", views.row, name="row"),
    path("settings/handles/<int:pk>/change/", views.change, name="change"),
    path("settings/handles/<int:pk>/refresh/", views.refresh, name="refresh"),
    path("settings/handles/<int:pk>/unlink/", views.unlink, name="unlink"),
    path("settings/handles/<int:pk>/proof/", views.proof, name="proof"),
    path("settings/handles/<int:pk>/proof/check/", views.check, name="check"),
]
