"""The addresses of home."""

from django.urls import path

from codetrack.home import views

app_name = "home"

urlpatterns = [
    path("", views.landing, name="landing"),
    path("start/", views.start, name="start"),
    path("members/<str:username>/", views.member, name="member"),
    path("institutes/<slug:slug>/", views.institute, name="institute"),
]
