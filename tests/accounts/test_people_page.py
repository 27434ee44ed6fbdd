"""The table of people: found, sorted, changed many at a time, taken away as a file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from codetrack.accounts import services, sheets
from codetrack.accounts.models import Invitation, Membership, User
from codetrack.core.errors import NotAllowed, Problem
from codetrack.core.models import Event
from tests.accounts.lists import invitation, invite, proven, queries_of, table
from tests.cast import Cast
from tests.factories import MemberFactory, MembershipFactory

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]

PAGE = "/institutes/hill/people/"


def names(client: Client, query: str = "") -> list[str]:
    page = client.get(f"{PAGE}{query}").context["page"]
    return [row.member.username for row in page.items]


def act(client: Client, action: str, rows: list[int], **more: str) -> str:
    """Ticks these rows and confirms."""
    given = {"action": action, "row": rows, "sure": "1", **more}
    return client.post(f"{PAGE}act/", given).content.decode()


def row_of(cast: Cast, member: User) -> int:
    return cast.membership(member).pk


def test_people_are_found_filtered_and_sorted(browser: Browser, cast: Cast) -> None:
    ada = browser(cast.ada)
    for member, batch in ((cast.alice, "2027"), (cast.bob, "2026")):
        services.set_batch(membership=cast.membership(member), batch=batch, by=cast.ada)
    assert names(ada) == ["ada", "alice", "bob", "dana", "erin"]
    assert names(ada, "?q=ali") == names(ada, "?q=alice@example.org") == ["alice"]
    assert names(ada, "?q=fell+bo") == ["bob"]
    assert names(ada, "?batch=2027") == ["alice"]
    assert names(ada, "?batch=-") == ["ada", "dana", "erin"]
    assert names(ada, "?role=admin") == ["ada"]
    assert names(ada, "?sort=batch")[-2:] == ["bob", "alice"]
    assert names(ada, "?sort=joined")[0] == "ada"
    assert names(ada, "?state=former") == []
    services.remove(membership=cast.membership(cast.bob), by=cast.ada)
    assert names(ada, "?state=former") == ["bob"]
    assert "bob@example.org" not in ada.get(f"{PAGE}?state=former").content.decode()
    assert names(ada, "?state=former&q=bo+fellow") == ["bob"]
    assert names(ada, "?state=former&q=bob@ex") == []  # nor is it found out letter by letter


def test_nobody_found_is_said(browser: Browser, cast: Cast) -> None:
    assert "Nobody found" in browser(cast.ada).get(f"{PAGE}?q=none-such").content.decode()


def test_every_member_is_on_one_page(browser: Browser, cast: Cast) -> None:
    for _ in range(70):
        MembershipFactory(institute=cast.institute)
    ada = browser(cast.ada)
    for sort in ("name", "batch", "joined"):
        page = ada.get(f"{PAGE}?sort={sort}").context["page"]
        more = ada.get(PAGE, {"sort": sort, "after": page.next}).context["page"]
        assert len({row.pk for row in [*page.items, *more.items]}) == 75
    assert ada.get(f"{PAGE}?after=made-up").status_code == 422


def test_outsiders_and_fellows_see_no_people(browser: Browser, cast: Cast) -> None:
    boss = MembershipFactory(is_admin=True).member
    for member, status in ((cast.alice, 403), (cast.charlie, 404), (boss, 404)):
        visitor = browser(member)
        assert visitor.get(PAGE).status_code == status
        assert visitor.get("/institutes/hill/people.csv").status_code == status
        assert visitor.post(f"{PAGE}act/", {"action": "remove"}).status_code == status
    assert Client().get(PAGE).status_code == 302


def test_it_says_what_happens_before_it_does(browser: Browser, cast: Cast) -> None:
    given = {"action": "remove", "row": [row_of(cast, cast.bob)]}
    page = browser(cast.ada).post(f"{PAGE}act/", given).content.decode()
    assert "End membership: one person?" in page and "no longer see the members" in page
    assert cast.bob.current_membership() is not None


def test_nobody_ticked_is_said(browser: Browser, cast: Cast) -> None:
    assert "Nobody is ticked" in act(browser(cast.ada), "remove", [])


def test_a_batch_is_set_for_many(browser: Browser, cast: Cast) -> None:
    rows = [row_of(cast, member) for member in (cast.alice, cast.bob, cast.erin)]
    assert "Done for all 3" in act(browser(cast.ada), "batch", rows, batch=" 2027 ")
    assert [Membership.objects.get(pk=pk).batch for pk in rows] == ["2027"] * 3
    tags = Event.objects.filter(tag="accounts:batch:set")
    assert sorted(event.data["member_id"] for event in tags) == sorted(
        member.pk for member in (cast.alice, cast.bob, cast.erin)
    )
    act(browser(cast.ada), "batch", rows, batch="2027")
    assert tags.count() == 3


def test_what_is_refused_is_said_of_each_row(browser: Browser, cast: Cast) -> None:
    rows = [row_of(cast, member) for member in (cast.ada, cast.bob)]
    page = act(browser(cast.ada), "remove", rows)
    assert "Done for 1 of 2" in page and "That is you" in page
    assert cast.ada.current_membership() is not None
    assert cast.bob.current_membership() is None


def test_the_last_admin_stays(browser: Browser, cast: Cast) -> None:
    ada, bob = browser(cast.ada), row_of(cast, cast.bob)
    act(ada, "admin", [bob])
    page = act(ada, "step-down", [bob, row_of(cast, cast.ada)])
    assert "Done for 1 of 2" in page and "needs an admin" in page


def test_requests_are_answered_many_at_a_time(browser: Browser, cast: Cast) -> None:
    asked = [
        services.request_membership(member=member, institute=cast.institute)
        for member in MemberFactory.create_batch(3)
    ]
    ada = browser(cast.ada)
    page = ada.get(f"{PAGE}?tab=requests").content.decode()
    assert all(row.member.shown_name in page for row in asked)
    act(ada, "approve", [row.pk for row in asked[:2]])
    assert "answered already" in act(ada, "decline", [row.pk for row in asked[1:]])
    states = [Membership.objects.get(pk=row.pk).state for row in asked]
    assert states == ["current", "current", "declined"]
    assert Event.objects.filter(tag="accounts:membership:started").count() == 2


def test_invitations_are_shown_by_state_withdrawn_and_sent_again(
    browser: Browser, cast: Cast
) -> None:
    invite(cast, "a@hill.edu\nb@hill.edu\n")
    ada, row = browser(cast.ada), invitation("a@hill.edu")
    Invitation.objects.filter(email="b@hill.edu").update(error="550 no such user", failed=True)
    assert "a@hill.edu" in ada.get(f"{PAGE}?tab=invitations").content.decode()
    failed = ada.get(f"{PAGE}?tab=invitations&state=failed").content.decode()
    assert "550 no such user" in failed and "a@hill.edu" not in failed
    assert "Done for one" in act(ada, "again", [invitation("b@hill.edu").pk])
    assert invitation("b@hill.edu").mails == 2
    act(ada, "withdraw", [row.pk])
    assert "a@hill.edu" in ada.get(f"{PAGE}?tab=invitations&state=withdrawn").content.decode()
    for state in ("expired", "accepted"):
        assert ada.get(f"{PAGE}?tab=invitations&state={state}").status_code == 200


def test_rows_of_another_institute_are_not_touched(browser: Browser, cast: Cast) -> None:
    stranger = MembershipFactory()
    assert "Nobody is ticked" in act(browser(cast.ada), "remove", [stranger.pk])
    assert "Nobody is ticked" in act(browser(cast.ada), "remove", ["x", "9" * 40])  # type: ignore[list-item]
    assert browser(cast.ada).post(f"{PAGE}act/", {"action": "none"}).status_code == 404


def test_a_batch_is_short_and_set_by_an_admin(cast: Cast) -> None:
    row = cast.membership(cast.bob)
    with pytest.raises(Problem):
        services.set_batch(membership=row, batch="x" * 41, by=cast.ada)
    with pytest.raises(NotAllowed):
        services.set_batch(membership=row, batch="2027", by=cast.alice)


def test_the_export_runs_nothing_and_has_what_is_proven(browser: Browser, cast: Cast) -> None:
    proven(cast.bob, "tourist", rating=3800)
    services.set_batch(membership=cast.membership(cast.bob), batch="-1+1", by=cast.ada)
    User.objects.filter(pk=cast.bob.pk).update(name='=cmd|"/c calc"!A1')
    answer = browser(cast.ada).get("/institutes/hill/people.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="hill-people.csv"'
    head, *rows = table(answer)
    assert head[:6] == ["name", "username", "email", "batch", "role", "joined"]
    found = {row[1]: dict(zip(head, row, strict=True)) for row in rows}
    assert set(found) == {"ada", "alice", "bob", "dana", "erin"}
    bob = found["bob"]
    assert (bob["name"], bob["batch"]) == ('\'=cmd|"/c calc"!A1', "'-1+1")
    assert (bob["codeforces"], bob["codeforces rating"]) == ("tourist", "3800")
    joined = cast.membership(cast.bob).joined_at
    assert joined
    assert (bob["email"], bob["joined"]) == (cast.bob.email, joined.date().isoformat())
    assert (found["ada"]["role"], found["alice"]["role"]) == ("admin", "member")
    assert found["alice"]["codeforces"] == ""


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Bo;=1+1;", "Bo;'=1+1;"),  # where a semicolon begins the next cell
        ("Bo\t@x", "Bo\t'@x"),
        (" =1+1", "' =1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),  # the wide sign of East Asian keyboards
        ("Ann-Marie; or Bo", "Ann-Marie; or Bo"),
    ],
)
def test_no_spreadsheet_finds_a_formula_in_a_name(name: str, written: str) -> None:
    assert sheets.harmless(name) == written


def test_the_export_can_be_handed_in_again(browser: Browser, cast: Cast) -> None:
    answer = browser(cast.ada).get("/institutes/hill/people.csv")
    raw = b"".join(answer.streaming_content)
    roster = services.read_roster(institute=cast.institute, raw=raw, title="", by=cast.ada)
    assert {line.outcome for line in roster.lines.all()} == {"member"}


@pytest.mark.parametrize("tab", ["people", "requests", "invitations"])
def test_thirty_people_are_as_many_questions_as_one(browser: Browser, cast: Cast, tab: str) -> None:
    counts = []
    ada = browser(cast.ada)
    for n in (1, 30):
        for member in MemberFactory.create_batch(n):
            services.request_membership(member=member, institute=cast.institute)
            MembershipFactory(institute=cast.institute)
        invite(cast, "email\n" + "".join(f"q{n}{k}@hill.edu\n" for k in range(n)))
        counts.append(queries_of(ada, f"{PAGE}?tab={tab}"))
    assert counts[0] == counts[1]


def test_the_page_of_the_institute_leads_there(browser: Browser, cast: Cast) -> None:
    assert PAGE in browser(cast.ada).get("/institutes/hill/").content.decode()
    assert PAGE not in browser(cast.alice).get("/institutes/hill/").content.decode()
