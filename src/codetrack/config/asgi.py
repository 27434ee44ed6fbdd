"""The same application for ASGI servers, over a bridge to WSGI.

Django's own ASGI handler is 4 to 11 times slower for sync views, and async views do not help:
docs/decisions/wsgi-bridge.md.
"""

from a2wsgi import WSGIMiddleware
from django.conf import settings

from codetrack.config.bodies import WholeBodies
from codetrack.config.wsgi import application as wsgi

THREADS = 10

application = WholeBodies(
    WSGIMiddleware(wsgi, workers=THREADS),  # type: ignore[arg-type] # Django is stricter
    longest=settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 65_536,  # Django explains a little too much
    seconds=30,
    together=32_000_000,
)
