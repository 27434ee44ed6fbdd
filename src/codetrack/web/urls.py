"""The addresses of the frame itself."""

from django.urls import path

from codetrack.web import views

app_name = "web"

urlpatterns = [
    path("theme/", views.theme, name="theme"),
    path("settings/appearance/", views.appearance, name="appearance"),
    path("docs/", views.help_index, name="help"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
