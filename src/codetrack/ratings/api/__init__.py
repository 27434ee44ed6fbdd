"""Handles and ratings, for programs."""

from codetrack.api.routing import mount
from codetrack.ratings.api.contests import contests
from codetrack.ratings.api.handles import handles
from codetrack.ratings.api.members import members
from codetrack.ratings.api.platforms import platforms

mount("/members", members)
mount("/handles", handles)
mount("/platforms", platforms)
mount("/contests", contests)
