"""The addresses of the whole house, in the order in which they are asked."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from codetrack.api.errors import missing as api_missing
from codetrack.api.routing import urls as api_urls

urlpatterns = [
    path("api/", api_urls()),
    path("api/<path:rest>", api_missing),
    path("admin/", admin.site.urls),
    path("", include("codetrack.home.urls")),
    # Before allauth: sign-up and the mail link have a view of our own at the same address.
    path("", include("codetrack.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("codetrack.notifications.urls")),
    path("", include("codetrack.ratings.urls")),
    path("", include("codetrack.standings.urls")),
    path("", include("codetrack.web.urls")),
    *([path("", include("codetrack.demo.urls"))] if settings.DEMO else []),
]

handler400 = "codetrack.web.views.bad_request"
handler403 = "codetrack.web.views.permission_denied"
handler404 = "codetrack.web.views.not_found"
handler429 = "codetrack.web.views.too_many"  # asked by allauth's rate limits
handler500 = "codetrack.web.views.server_error"
