"""The same application for ASGI servers, over a bridge to WSGI.

Django's own ASGI handler is 4 to 11 times slower for sync views, and async views do not help:
docs/decisions/wsgi-bridge.md.
"""

from a2wsgi import WSGIMiddleware

from codetrack.config.wsgi import application as wsgi

THREADS = 10

application = WSGIMiddleware(wsgi, workers=THREADS)  # type: ignore[arg-type] # Django is stricter
