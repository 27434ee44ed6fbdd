"""The CodeChef adapter over recorded answers of the platform, which lie beside the repository."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from codetrack.platforms.base import Blocked, ChangedLayout, NotFound, PlatformError, Profile
from codetrack.platforms.codechef import CodeChef
from tests.recorded import RECORDED

from .contract import FakeClient, answer

FOLDER = RECORDED / "codechef"
FILES = sorted(FOLDER.glob("*"))

pytestmark = pytest.mark.skipif(not FILES, reason=f"no recorded answers in {FOLDER}")


def platform(path: Path, address: str = "/users/somebody", status: int = 200) -> CodeChef:
    """An adapter to which one file is played back, whatever it asks."""

    def world(asked: str, params: Mapping[str, Any]) -> Any:
        url = f"https://www.codechef.com{address}"
        return replace(answer(path.read_bytes(), status), url=url)

    return CodeChef(FakeClient(world))


def profile(name: str) -> Profile:
    found = platform(FOLDER / name).profiles(["somebody"])["somebody"]
    assert isinstance(found, Profile)
    return found


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_recorded_file_is_read(path: Path) -> None:
    kind = path.stem.split("_")[0]
    if kind == "profile":
        assert isinstance(platform(path).profiles(["somebody"])["somebody"], Profile)
    elif kind == "page":  # not of an account
        with pytest.raises(ChangedLayout):
            platform(path).history("somebody")
    else:
        assert kind == "api", f"{path.name} is of a page that no test reads"
        for call in CALLS:
            with pytest.raises(PlatformError) as caught:
                call(platform(path))
            assert not isinstance(caught.value, NotFound)


CALLS: list[Callable[[CodeChef], object]] = [
    lambda site: site.profiles(["somebody"]),
    lambda site: site.attempts("somebody"),
    lambda site: site.contests(),
    lambda site: site.problems(),
]


def test_the_rated_profile() -> None:
    found = profile("profile_rated.html")
    assert (found.rating, found.max_rating, found.provisional) == (1723, 1723, False)
    assert (found.rank_name, found.contests, found.solved) == ("3★", 17, 75)
    assert (found.global_rank, found.country_rank) == (7407, 6483)
    assert found.history is not None and found.activity is not None
    assert len(found.history) == 17
    assert (found.history[0].old, found.history[0].new, found.history[-1].new) == (None, 1222, 1723)
    assert (len(found.activity.days), sum(found.activity.days.values())) == (22, 190)
    assert found.texts["name"] and found.renamed_from == "somebody"


def test_the_provisional_profile() -> None:
    found = profile("profile_provisional.html")
    assert (found.rating, found.max_rating, found.provisional) == (912, 912, True)
    assert (found.rank_name, found.contests, found.solved) == ("1★", 2, 5)


def test_a_list_of_2018_in_the_place_of_a_profile_is_another_layout() -> None:
    with pytest.raises(ChangedLayout):
        platform(FOLDER / "page_ratings_all_2018.html").profiles(["somebody"])


def test_every_half_of_a_recorded_page_is_no_answer() -> None:
    for path in FOLDER.glob("profile_*.html"):
        body = path.read_bytes()
        for share in (0.1, 0.4, 0.7, 0.99):
            half = replace(answer(body[: int(len(body) * share)]), url="https://x.test/users/a")
            with pytest.raises(PlatformError) as caught:
                CodeChef(FakeClient(lambda *_, half=half: half)).profiles(["somebody"])
            assert not isinstance(caught.value, ChangedLayout | NotFound)


@pytest.mark.parametrize("status", [200, 403, 404, 503])
def test_the_challenge_page_is_blocked_never_not_found(status: int) -> None:
    path = next((RECORDED / "error_pages").glob("cloudflare_*"))
    for call in CALLS:
        with pytest.raises(Blocked):
            call(platform(path, status=status))


@pytest.mark.parametrize("status", [200, 404])
def test_a_page_of_another_site_says_nothing_about_a_handle(status: int) -> None:
    path = next((RECORDED / "error_pages").glob("json_endpoint_*"))
    for call in CALLS:
        with pytest.raises(PlatformError) as caught:
            call(platform(path, status=status))
        assert not isinstance(caught.value, NotFound | Blocked)
