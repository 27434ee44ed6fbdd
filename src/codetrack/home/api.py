"""Whether programs are judged here, and in which languages, for programs."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema

from codetrack.api.routing import mount
from codetrack.core import stations
from codetrack.core.stations import Outlook
from codetrack.home import queries

judge = Router(tags=["judge"])


class LanguageOut(Schema):
    """A language that programs may be submitted in; `version` is what its tool says of itself."""

    id: str
    name: str
    version: str


class JudgeOut(Schema):
    """How judging stands. Unless it is `ready`, what is submitted waits.

    `refused`: a judge is there but cannot run programs safely; `off`: it is switched off; `away`:
    it is not running; `unknown`: there has never been one.
    """

    state: Outlook
    languages: list[LanguageOut]


@judge.get("", response=JudgeOut, summary="Whether programs are judged, and in which languages")
def read_judge(request: HttpRequest) -> JudgeOut:
    places = queries.judges()
    offered = [LanguageOut.from_orm(one) for one in queries.languages(places)]
    return JudgeOut(state=stations.outlook(place.station for place in places), languages=offered)


mount("/judge", judge)
