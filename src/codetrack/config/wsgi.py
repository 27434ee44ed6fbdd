"""The WSGI application: every page, the API, the static files."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "codetrack.config.settings")
application = get_wsgi_application()
