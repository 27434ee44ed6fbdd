"""The LeetCode adapter before answers that are not as it expects."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest

from codetrack.platforms.base import (
    Blocked,
    ChangedLayout,
    NotFound,
    PlatformError,
    Response,
    Transient,
)
from codetrack.platforms.leetcode import LeetCode

from .contract import FakeClient, answer
from .graphql import REFUSED, Data, PretendGraphQL


@pytest.fixture
def graphql() -> PretendGraphQL:
    return PretendGraphQL()


def beside(error: Data, data: Data) -> LeetCode:
    """Of a platform that answers everything with this."""
    return LeetCode(FakeClient(lambda *_: answer({"errors": [error], "data": data})))


def test_unknown_user_is_recognised_in_any_case_and_wording_around() -> None:
    error = {"message": "Oops: that USER DOES NOT EXIST!"}
    with pytest.raises(NotFound):
        beside(error, {"matchedUser": None}).history("nobody")


def test_an_error_of_another_root_spoils_nothing(graphql: PretendGraphQL) -> None:
    error = {"message": "Timed out.", "path": ["somethingElse", 0, "x"]}
    data = graphql.on_history("Nila_V")
    assert len(beside(error, data).history("Nila_V")) == 3


def test_an_empty_root_with_an_error_is_not_taken_for_never_rated(
    graphql: PretendGraphQL,
) -> None:
    error = {"message": "Timed out", "path": ["userContestRanking"]}

    def world(path: str, params: Mapping[str, Any]) -> Response:
        if params["operationName"] == "user":
            return graphql(path, params)
        return answer({"errors": [error], "data": {"userContestRanking": None}})

    with pytest.raises(Transient, match="Timed out"):
        LeetCode(FakeClient(world)).profiles(["Nila_V"])


def test_null_without_a_reason_is_not_taken_for_nobody() -> None:
    leetcode = LeetCode(FakeClient(lambda *_: answer({"data": {"matchedUser": None}})))
    with pytest.raises(ChangedLayout):
        leetcode.profiles(["Nila_V"])


@pytest.mark.parametrize("body", [b"{}", b'{"data": null}', b'{"data": {}}', b"[]", b'"x"'])
def test_an_answer_without_the_root_is_changed_layout(body: bytes) -> None:
    with pytest.raises(ChangedLayout):
        LeetCode(FakeClient(lambda *_: answer(body))).contests()


def test_a_field_that_was_taken_away_is_changed_layout() -> None:
    with pytest.raises(ChangedLayout, match="aboutMe"):
        LeetCode(FakeClient(lambda *_: REFUSED)).profiles(["Nila_V"])


def test_forgery_page_is_blocked() -> None:
    page = answer(b"<html><h1>403 Forbidden</h1><p>CSRF verification failed.</p></html>", 403)
    with pytest.raises(Blocked):
        LeetCode(FakeClient(lambda *_: page)).profiles(["Nila_V"])


def test_broken_letters_are_changed_layout(graphql: PretendGraphQL) -> None:
    def world(path: str, params: Mapping[str, Any]) -> Response:
        return answer(graphql(path, params).body.replace(b"Nila Vane", b"Nila \xff\xfe"))

    with pytest.raises(PlatformError):
        LeetCode(FakeClient(world)).profiles(["Nila_V"])


# --- no answer breaks it


def values(body: Data) -> list[Callable[[Any], None]]:
    """Ways to set each value of an answer, at any depth."""
    found: list[Callable[[Any], None]] = []

    def walk(node: Any) -> None:
        pairs = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in list(pairs):
            found.append(lambda new, node=node, key=key: node.__setitem__(key, new))  # type: ignore[misc]
            if isinstance(value, dict | list):
                walk(value)

    walk(body)
    return found


ODD: list[Any] = [None, -1, 2**70, 1e400, "", "\0", [], {}, [None], {"x": []}, True]


@pytest.mark.parametrize(
    "operation", ["user", "ranking", "history", "recent", "calendar", "topics"]
)
def test_an_odd_value_anywhere_is_an_answer_or_one_of_our_errors(operation: str) -> None:
    limit = [20] if operation == "recent" else []
    whole = json.dumps({"data": getattr(PretendGraphQL(), f"on_{operation}")("Nila_V", *limit)})
    for place in range(len(values(json.loads(whole)))):
        for odd in ODD:
            body = json.loads(whole)
            values(body)[place](odd)
            ask_everything(operation, answer(body))


def ask_everything(operation: str, odd: Response) -> None:
    graphql = PretendGraphQL()

    def world(path: str, params: Mapping[str, Any]) -> Response:
        return odd if params["operationName"] == operation else graphql(path, params)

    leetcode = LeetCode(FakeClient(world))
    calls: list[Callable[[], object]] = [
        lambda: leetcode.profiles(["Nila_V"]),
        lambda: leetcode.history("Nila_V"),
        lambda: leetcode.attempts("Nila_V"),
        lambda: leetcode.activity("Nila_V"),
    ]
    for call in calls:
        with suppress(PlatformError):
            call()
