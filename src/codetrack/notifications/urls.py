"""The addresses of notifications."""

from django.urls import path

from codetrack.notifications.views.unsubscribe import unsubscribe

app_name = "notifications"

urlpatterns = [
    path("unsubscribe/<str:token>/", unsubscribe, name="unsubscribe"),
]
