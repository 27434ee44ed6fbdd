"""What the tests of the pretend platforms share: a plain client, and the shape of an answer."""

import ssl
from collections.abc import Mapping
from functools import reduce
from typing import Any

import httpx2

from codetrack.platforms import base
from codetrack.platforms.base import Response


class Client:
    """A plain client over real HTTP, without pacing and retries."""

    def __init__(self, url: str) -> None:
        no_certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # to read them takes 30 ms
        self.http = httpx2.Client(
            base_url=url,
            trust_env=False,
            verify=no_certificates,
            follow_redirects=True,
            timeout=60,
        )

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        return self._judged(self.http.get(path, params=params, headers=headers))

    def post(self, path: str, data: Mapping[str, str]) -> Response:
        return self._judged(self.http.post(path, data=data))

    def post_json(
        self, path: str, data: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> Response:
        return self._judged(self.http.post(path, json=data, headers=headers))

    def _judged(self, got: httpx2.Response) -> Response:
        headers = {name.lower(): value for name, value in got.headers.items()}
        response = Response(
            status=got.status_code, headers=headers, body=got.content, url=str(got.url)
        )
        base.check(response)
        return response


NULL = "NoneType"


def shape(value: object) -> object:
    """Keys and kinds of values, of a list the union over its rows."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [reduce(union, map(shape, value), None)]
    return "number" if isinstance(value, int | float) else type(value).__name__


def union(one: object, other: object) -> object:
    if isinstance(one, dict) and isinstance(other, dict):
        return one | {key: union(one.get(key), other[key]) for key in other}
    if isinstance(one, list) and isinstance(other, list):
        return [union(one[0], other[0])]
    return one if other in (None, NULL) else other


def differences(theirs: Any, ours: Any) -> set[str]:
    """Keys of the first that the second lacks or has with another kind of value."""
    if isinstance(theirs, list) and isinstance(ours, list):
        return differences(theirs[0], ours[0])
    if not (isinstance(theirs, dict) and isinstance(ours, dict)):
        return set()
    found = {key for key in theirs if key not in ours or not alike(theirs[key], ours[key])}
    both = theirs.keys() & ours.keys()
    return found.union(*(differences(theirs[key], ours[key]) for key in both))


def alike(one: object, other: object) -> bool:
    """Null is like anything: it stands where a value may be missing."""
    if NULL in (one, other):
        return True
    return one == other if isinstance(one, str) else type(one) is type(other)
