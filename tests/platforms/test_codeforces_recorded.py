"""The Codeforces adapter over recorded answers of the platform, which lie beside the repository."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from codetrack.platforms.base import (
    Attempt,
    Contest,
    NotFound,
    Problem,
    Profile,
    RatingChange,
    Response,
)
from codetrack.platforms.codeforces import Codeforces
from codetrack.platforms.twins import twins
from tests.recorded import RECORDED

from .contract import FakeClient, answer

FOLDER = RECORDED / "codeforces"
FILES = sorted(FOLDER.glob("*.json"))

pytestmark = pytest.mark.skipif(not FILES, reason=f"no recorded answers in {FOLDER}")


class Recorded:
    """Plays one file back, to whatever is asked."""

    def __init__(self, path: Path) -> None:
        self.body = path.read_bytes()
        failed = b'"FAILED"' in self.body[:100]
        self.client = FakeClient(lambda *_: answer(self.body, 400 if failed else 200))
        self.platform = Codeforces(self.client)

    @property
    def rows(self) -> list[dict[str, object]]:
        return list(json.loads(self.body)["result"])


def recorded(name: str) -> Recorded:
    return Recorded(FOLDER / name)


def asked_handles(path: Path) -> list[str]:
    return [str(row["handle"]) for row in Recorded(path).rows]


@pytest.mark.parametrize("path", FILES, ids=[path.stem.split("-")[0] for path in FILES])
def test_every_recorded_file_is_read(path: Path) -> None:
    platform = Recorded(path).platform
    match path.stem.split("_")[0]:
        case "user.info":
            values = platform.profiles(asked_handles(path)).values()
            assert all(isinstance(value, Profile) for value in values)
        case "user.rating":
            assert all(isinstance(change, RatingChange) for change in platform.history("any"))
        case "user.status":
            assert all(isinstance(attempt, Attempt) for attempt in platform.attempts("any"))
        case "contest.list":
            assert all(isinstance(contest, Contest) for contest in platform.contests())
        case "problemset.problems":
            assert all(isinstance(problem, Problem) for problem in platform.problems())
        case "error":
            with pytest.raises(NotFound):
                platform.history("any")
        case "carrot":  # a table of another project: contest ranks and rating deltas
            assert not path.read_bytes().startswith(b"{")
        case other:
            pytest.fail(f"{path.name} is of a call that no test reads: {other}")


def test_batch_of_two_gives_two_profiles() -> None:
    path = FOLDER / "user.info_batch_of_2.json"
    handles = asked_handles(path)
    found = Recorded(path).platform.profiles(handles)
    assert list(found) == handles
    for handle, profile in found.items():
        assert isinstance(profile, Profile)
        assert profile.handle == handle
        assert profile.rating is not None and profile.max_rating is not None
        assert profile.texts["first_name"]


def test_unknown_handle_in_a_batch_is_named_and_dropped() -> None:
    error, info = recorded("error_unknown_handle.json"), recorded("user.info_2.json")
    known = asked_handles(FOLDER / "user.info_2.json")
    unknown = json.loads(error.body)["comment"].split()[-3]

    def world(path: str, params: Mapping[str, str]) -> Response:
        bad = unknown in params["handles"].split(";")
        return answer(error.body, 400) if bad else answer(info.body)

    found = Codeforces(FakeClient(world)).profiles([*known, unknown])
    assert isinstance(found[unknown], NotFound)
    assert all(isinstance(found[handle], Profile) for handle in known)


def test_all_contests_are_read() -> None:
    contests = recorded("contest.list_full.json").platform.contests()
    assert len(contests) == 2_012
    assert len({contest.key for contest in contests}) == 2_012


def test_all_problems_are_read_and_counted_right() -> None:
    problems = recorded("problemset.problems_full.json").platform.problems()
    assert len(problems) == len({problem.key for problem in problems}) == 10_487
    assert sum(problem.difficulty is None for problem in problems) == 274
    assert len(problems) - len({problem.title for problem in problems}) == 564


def test_doubled_names_are_not_taken_for_twins() -> None:
    """The catalogue lists one of two twins: what doubles a name there is another problem."""
    problems = recorded("problemset.problems_full.json").platform.problems()
    contests = recorded("contest.list_full.json").platform.contests()
    starts = {contest.key: contest.starts_at for contest in contests if contest.starts_at}
    assert twins(problems, starts) == {}


def test_the_other_id_of_a_problem_is_found_by_the_contest_pair() -> None:
    problems = recorded("problemset.problems_full.json").platform.problems()
    contests = recorded("contest.list_full.json").platform.contests()
    starts = {contest.key: contest.starts_at for contest in contests if contest.starts_at}
    first = next(problem for problem in problems if problem.key == "1349-A")
    second = Problem(key="1350-C", title=first.title, url="", contest_key="1350", index="C")
    assert twins([*problems, second], starts) == {"1350-C": "1349-A"}
