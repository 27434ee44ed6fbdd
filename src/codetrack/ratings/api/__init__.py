"""Handles and ratings, for programs."""

from codetrack.api.routing import mount
from codetrack.ratings.api.handles import handles
from codetrack.ratings.api.members import members

mount("/members", members)
mount("/handles", handles)
