"""The whole site with the pretend world, which the other tests go without."""

from django.urls import include, path

from codetrack.config import urls as site

urlpatterns = [path("", include("codetrack.demo.urls")), path("", include(site))]

handler400, handler403, handler404, handler500 = (
    site.handler400,
    site.handler403,
    site.handler404,
    site.handler500,
)
