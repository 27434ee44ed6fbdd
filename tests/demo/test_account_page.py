"""The control page of one pretend account, on every platform."""

from typing import Any

import pytest
from django.test import Client

from codetrack.demo.flavours import FLAVOURS
from codetrack.demo.people import Account
from codetrack.demo.platform import PretendPlatform
from codetrack.demo.servers import PLATFORMS, Pretend
from codetrack.demo.world import NoSuchAccount

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[maker.key for maker in PLATFORMS])
def platform(request: pytest.FixtureRequest, pages: Pretend) -> PretendPlatform:
    return pages.platforms[request.param]


@pytest.fixture
def account(platform: PretendPlatform) -> Account:
    return next(one for one in platform.world.everybody() if len(one.results) > 5)


class Control:
    """Presses the buttons of an account's page."""

    def __init__(self, client: Client, platform: PretendPlatform, account: Account) -> None:
        self.client, self.account = client, account
        self.url = f"/demo/{platform.key}/account/{account.handle}/"

    def page(self, query: str = "") -> str:
        answer = self.client.get(self.url + query)
        assert answer.status_code == 200
        return answer.content.decode()

    def press(self, button: str = "", **data: str) -> Any:
        return self.client.post(f"{self.url}{button}/" if button else self.url, data)


@pytest.fixture
def control(client: Client, platform: PretendPlatform, account: Account) -> Control:
    return Control(client, platform, account)


def test_a_token_is_placed_in_every_text(control: Control, platform: PretendPlatform) -> None:
    for key in FLAVOURS[platform.key].texts:
        control.press(**{**control.account.texts, key: f"ct-9f2kq1 {key}"})
        assert control.account.texts[key] == f"ct-9f2kq1 {key}"
    assert "ct-9f2kq1" in control.page()


def test_a_contest_is_played_and_corrected(control: Control) -> None:
    before = len(control.account.results)
    control.press("play", luck="2")
    assert len(control.account.results) == before + 1
    played = control.account.rating
    control.press("revise")
    assert control.account.rating != played
    assert "is recalculated" in control.page()


def test_a_compile_error_at_the_problem_of_a_proof(
    control: Control, platform: PretendPlatform
) -> None:
    task = platform.world.classics()[3]
    page = control.page(f"?problem={task.key}")
    assert f'<option value="{task.key}" selected' in page
    assert '<option value="COMPILATION_ERROR" selected' in page
    control.press("submit", problem=task.key, verdict="COMPILATION_ERROR")
    sent = platform.world.attempts(control.account)[0]
    assert (sent.task.key, sent.verdict) == (task.key, "COMPILATION_ERROR")


def test_without_a_problem_one_of_the_own_strength_is_taken(
    control: Control, platform: PretendPlatform
) -> None:
    assert '<option value="OK" selected' in control.page()
    control.press("submit", verdict="WRONG_ANSWER")
    sent = platform.world.attempts(control.account)[0]
    assert sent.verdict == "WRONG_ANSWER"
    assert sent.task not in platform.world.classics()


def test_a_problem_that_is_not_there_is_refused(
    control: Control, platform: PretendPlatform
) -> None:
    before = platform.world.attempts(control.account)
    answer = control.press("submit", problem="no-such", verdict="OK")
    assert answer.status_code == 200
    assert "no-such" in answer.content.decode()
    assert platform.world.attempts(control.account) == before


def test_an_account_is_renamed(control: Control, platform: PretendPlatform) -> None:
    answer = control.press("rename", handle="brand_new")
    assert answer["Location"] == f"/demo/{platform.key}/account/brand_new/"
    assert platform.world.find("brand_new") is control.account


def test_a_name_that_is_taken_is_refused(control: Control, platform: PretendPlatform) -> None:
    other = platform.world.everybody()[-1]
    assert "Choose another" in control.press("rename", handle=other.handle).content.decode()
    impossible = control.press("rename", handle="a b")
    assert impossible.status_code == 200
    assert control.account.old_handles == []


def test_an_account_is_deleted(control: Control, platform: PretendPlatform) -> None:
    answer = control.press("delete")
    assert answer["Location"] == f"/demo/{platform.key}/"
    with pytest.raises(NoSuchAccount):
        platform.world.find(control.account.handle)
    assert control.client.get(control.url).status_code == 404


@pytest.mark.parametrize("button", ["play", "revise", "submit", "rename", "delete"])
def test_nothing_is_done_by_looking(control: Control, button: str) -> None:
    assert control.client.get(f"{control.url}{button}/").status_code == 405


def test_the_short_address_leads_to_the_page(control: Control, platform: PretendPlatform) -> None:
    answer = control.client.get(f"/demo/{platform.key}/{control.account.handle}/?problem=1-A")
    assert answer["Location"] == f"{control.url}?problem=1-A"
