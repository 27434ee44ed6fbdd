"""The page on which a member proves a handle."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.testing import HeldClock
from codetrack.platforms.base import Profile
from codetrack.platforms.codeforces import Codeforces
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Proof

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def claim(alice: User, link: Link) -> Claim:
    return link(alice)


@pytest.fixture
def browser(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def page_of(claim: Claim) -> str:
    return f"/settings/handles/{claim.pk}/proof/"


def token() -> str:
    return services.token_of(Proof.objects.latest("pk"))


def started(browser: Client, claim: Claim) -> str:
    answer = browser.post(page_of(claim), follow=True)
    assert answer.redirect_chain == [(page_of(claim), 302)]
    return answer.content.decode()


def settle(text: str) -> None:
    found = Profile(handle="nila_v", texts={"organization": text})
    services.settle_proof(proof=Proof.objects.latest("pk"), found=found, at=house.now())


def test_looking_makes_no_code(browser: Client, claim: Claim) -> None:
    assert "Choose a way to begin" in browser.get(page_of(claim)).content.decode()
    assert not Proof.objects.exists()


def test_it_states_the_exact_code_where_it_goes_and_the_way_there(
    browser: Client, claim: Claim
) -> None:
    page = started(browser, claim)
    assert f'value="{token()}"' in page
    assert "Organization" in page
    assert 'href="https://codeforces.com/settings/social"' in page
    assert "Make a new code" in page


def test_it_counts_down_to_the_next_look(browser: Client, claim: Claim, clock: HeldClock) -> None:
    assert 'seconds="60"' in started(browser, claim)
    browser.post(f"{page_of(claim)}check/")
    settle("Tamarind Valley")
    clock.forward(seconds=25)
    assert 'seconds="35"' in browser.get(page_of(claim)).content.decode()


def test_a_check_asks_and_polls_until_there_is_an_answer(browser: Client, claim: Claim) -> None:
    started(browser, claim)
    answer = browser.post(f"{page_of(claim)}check/", headers=FRAGMENT).content.decode()
    assert answer.strip().startswith("<div")
    assert "every 1s" in answer
    settle("Tamarind Valley")
    answer = browser.get(page_of(claim), headers=FRAGMENT).content.decode()
    assert "Organization of nila_v says “Tamarind Valley”." in answer
    assert "every 1s" not in answer


def test_it_works_without_scripts(browser: Client, claim: Claim) -> None:
    started(browser, claim)
    answer = browser.post(f"{page_of(claim)}check/", follow=True)
    assert answer.redirect_chain == [(page_of(claim), 302)]
    assert "See what was found" in answer.content.decode()


def test_too_soon_is_said_beside_the_button(browser: Client, claim: Claim) -> None:
    started(browser, claim)
    browser.post(f"{page_of(claim)}check/")
    answer = browser.post(f"{page_of(claim)}check/")
    assert answer.status_code == 200
    assert "at most once every 60 seconds" in answer.content.decode()


def test_success_is_a_page_of_its_own(browser: Client, claim: Claim) -> None:
    started(browser, claim)
    settle(token())
    answer = browser.get(page_of(claim), headers=FRAGMENT)
    assert answer.headers["HX-Redirect"] == page_of(claim)
    page = browser.get(page_of(claim)).content.decode()
    assert "<h1>nila_v is yours</h1>" in page
    assert token() not in page


def test_an_expired_code_is_not_shown_any_more(
    browser: Client, claim: Claim, clock: HeldClock
) -> None:
    started(browser, claim)
    clock.forward(minutes=31)
    page = browser.get(page_of(claim)).content.decode()
    assert "This proof has expired" in page
    assert token() not in page
    answer = browser.post(f"{page_of(claim)}check/", follow=True)
    assert "This proof has expired" in answer.content.decode()
    page = started(browser, claim)
    assert token() in page


def test_checking_before_there_is_a_code_is_not_found(browser: Client, claim: Claim) -> None:
    assert browser.post(f"{page_of(claim)}check/").status_code == 404


def test_there_are_several_ways_and_each_begins_a_new_proof(browser: Client, claim: Claim) -> None:
    page = started(browser, claim)
    for way in ("organization", "first_name", "last_name", "compile_error"):
        assert f'name="method" value="{way}"' in page
    assert "this one is worth nothing then" in page
    browser.post(page_of(claim), {"method": "last_name"})
    assert [proof.method for proof in Proof.objects.order_by("pk")] == ["organization", "last_name"]


def test_a_compile_error_is_asked_for_at_a_named_problem(browser: Client, claim: Claim) -> None:
    page = browser.post(page_of(claim), {"method": "compile_error"}, follow=True).content.decode()
    [problem] = [one for one in Codeforces.proof_problems if one.key == Proof.objects.get().problem]
    assert f"<b>{problem.title}</b> ({problem.key})" in page
    assert f'href="https://codeforces.com{problem.path}"' in page
    assert token() not in page


def test_what_was_seen_instead_of_the_compile_error_is_said(browser: Client, claim: Claim) -> None:
    browser.post(page_of(claim), {"method": "compile_error"})
    services.settle_proof(proof=Proof.objects.get(), found=Profile(handle="nila_v"), at=house.now())
    page = browser.get(page_of(claim)).content.decode()
    assert "nila_v has sent nothing there since 12:00." in page


def test_success_says_what_to_put_back(browser: Client, claim: Claim) -> None:
    started(browser, claim)
    settle(token())
    page = browser.get(page_of(claim)).content.decode()
    assert "Now put “Organization” back as it was" in page
    assert 'href="https://codeforces.com/settings/social"' in page
    Claim.objects.update(method="compile_error")
    assert "There is nothing to undo." in browser.get(page_of(claim)).content.decode()


def test_a_way_of_proof_that_there_is_not_is_said_in_words(browser: Client, claim: Claim) -> None:
    answer = browser.post(page_of(claim), {"method": "blood"})
    assert answer.status_code == 422
