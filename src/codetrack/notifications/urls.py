"""The addresses of notifications."""

from django.urls import path

from codetrack.notifications.views import inbox, settings
from codetrack.notifications.views.unsubscribe import unsubscribe

app_name = "notifications"

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="read_all"),
    path("inbox/undo/", inbox.undo, name="undo"),
    path("inbox/bell/", inbox.bell, name="bell"),
    path("inbox/newer/", inbox.newer, name="newer"),
    path("inbox/<str:key>/", inbox.thread, name="thread"),
    path("inbox/<str:key>/read/", inbox.read_thread, name="read_thread"),
    path("inbox/<str:key>/undo/", inbox.undo_thread, name="undo_thread"),
    path("inbox/<str:key>/mute/", inbox.mute, name="mute"),
    path("settings/notifications/", settings.settings, name="settings"),
    path("settings/notifications/times/", settings.timetable, name="timetable"),
    path("settings/notifications/unmute/", settings.unmute, name="unmute"),
    path("settings/notifications/unblock/", settings.unblock, name="unblock"),
    path("unsubscribe/<str:token>/", unsubscribe, name="unsubscribe"),
]
