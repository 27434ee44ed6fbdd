"""Lists, invitations and people over the API: for admins of the institute alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from codetrack.core.testing import run_jobs
from tests.cast import Cast
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

type Program = Callable[..., Client]

ROOT = "/api/institutes/hill"
LIST = "email,name,batch\na@hill.edu,Ann,2027\nnobody,,\n"


def hand_in(client: Client, text: str = LIST) -> dict[str, object]:
    answer = client.generic("POST", f"{ROOT}/rosters?title=ours.csv", text, "text/csv")
    assert answer.status_code == 201, answer.content
    found: dict[str, object] = answer.json()
    return found


def test_a_list_is_handed_in_looked_at_and_invited(program: Program, cast: Cast) -> None:
    ada = program(cast.ada, may_write=True)
    roster = hand_in(ada)
    assert (roster["title"], roster["state"]) == ("ours.csv", "draft")
    assert roster["outcomes"] == {"invite": 1, "skip": 1}
    assert roster["troubles"] == {"bad_address": 1}
    own = f"{ROOT}/rosters/{roster['id']}"
    (line,) = ada.get(f"{own}/lines?only=problems").json()["items"]
    assert (line["number"], line["trouble"]) == (3, "bad_address")
    assert ada.post(f"{own}/invite").status_code == 202
    run_jobs(["default", "mail"])
    assert ada.get(own).json()["progress"] == {"all": 1, "sent": 1, "failed": 0}
    (sent,) = ada.get(f"{ROOT}/invitations").json()["items"]
    assert (sent["email"], sent["batch"], sent["state"]) == ("a@hill.edu", "2027", "open")
    assert ada.delete(f"{ROOT}/invitations/{sent['id']}").status_code == 204
    assert ada.get(f"{ROOT}/invitations").json()["items"] == []
    assert ada.delete(own).status_code == 204
    assert ada.get(own).json()["state"] == "cancelled"


def test_people_are_listed_with_what_admins_see(program: Program, cast: Cast) -> None:
    ada = program(cast.ada)
    found = ada.get(f"{ROOT}/people?role=member&q=ali").json()["items"]
    assert [(row["username"], row["email"]) for row in found] == [("alice", "alice@example.org")]
    assert len(ada.get(f"{ROOT}/people").json()["items"]) == 5
    assert ada.get(f"{ROOT}/people?role=chief").status_code == 422


@pytest.mark.parametrize("text", ["", "name\nAnn\n", "\0"])
def test_what_is_no_list_is_refused(program: Program, cast: Cast, text: str) -> None:
    ada = program(cast.ada, may_write=True)
    answer = ada.generic("POST", f"{ROOT}/rosters", text, "text/csv")
    assert answer.status_code == 422 and answer.json()["code"].startswith("roster_")


def test_far_too_much_is_not_read(program: Program, cast: Cast) -> None:
    ada = program(cast.ada, may_write=True)
    assert ada.generic("POST", f"{ROOT}/rosters", "x" * 2_200_000, "text/csv").status_code == 422
    assert ada.generic("POST", f"{ROOT}/rosters", "x" * 3_000_000, "text/csv").status_code == 413


def test_outsiders_and_fellows_are_turned_away(program: Program, cast: Cast) -> None:
    number = hand_in(program(cast.ada, may_write=True))["id"]
    boss = MembershipFactory(is_admin=True).member
    for member, status in ((cast.alice, 403), (cast.charlie, 404), (boss, 404)):
        client = program(member, may_write=True)
        for path in ("people", "invitations", f"rosters/{number}", f"rosters/{number}/lines"):
            assert client.get(f"{ROOT}/{path}").status_code == status
        answer = client.generic("POST", f"{ROOT}/rosters", LIST, "text/csv")
        assert answer.status_code == status
        assert client.post(f"{ROOT}/rosters/{number}/invite").status_code == status
        assert client.delete(f"{ROOT}/rosters/{number}").status_code == status
        assert client.delete(f"{ROOT}/invitations/1").status_code == status


def test_a_token_that_only_reads_hands_in_nothing(program: Program, cast: Cast) -> None:
    answer = program(cast.ada).generic("POST", f"{ROOT}/rosters", LIST, "text/csv")
    assert answer.status_code == 403
