"""The addresses of home."""

from django.urls import path

from codetrack.home import views

app_name = "home"

urlpatterns = [
    path("", views.landing, name="landing"),
    path("start/", views.start, name="start"),
    path("welcome/", views.welcome, name="welcome"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("members/<str:username>/", views.member, name="member"),
    path("members/<str:username>/submissions/", views.submissions, name="member_submissions"),
    path("members/<str:username>/history/", views.history, name="member_history"),
    path("institutes/<slug:slug>/", views.institute, name="institute"),
    path("settings/judge/", views.judge, name="judge"),
    path("settings/judge/ask/", views.ask_judge, name="ask_judge"),
]
