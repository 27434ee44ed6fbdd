"""The tables of core: what happened, what is to be done, where, and what paces it."""

from codetrack.core.models.events import Event, Position
from codetrack.core.models.jobs import Job, Schedule
from codetrack.core.models.mail import OutgoingMail
from codetrack.core.models.pacing import Bucket, Pace
from codetrack.core.models.search import Entry
from codetrack.core.models.stations import Station

__all__ = [
    "Bucket",
    "Entry",
    "Event",
    "Job",
    "OutgoingMail",
    "Pace",
    "Position",
    "Schedule",
    "Station",
]
