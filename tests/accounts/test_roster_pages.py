"""The pages on which an admin hands in a list, looks at the report and invites."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.datastructures import MultiValueDict
from pytest_django import Settings

from codetrack.accounts import services
from codetrack.accounts.models import Outcome, Roster, User
from codetrack.accounts.views.roster import PEOPLE, RosterForm
from codetrack.core.testing import run_jobs
from tests.accounts.lists import QUEUES, invite, queries_of, read, table
from tests.cast import Cast
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]

PAGE = "/institutes/hill/roster/"


def file(content: bytes, name: str = "students.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/csv")


def test_a_file_is_looked_at_and_then_invited(
    settings: Settings, browser: Browser, cast: Cast
) -> None:
    settings.MAIL_URL = ""
    ada = browser(cast.ada)
    answer = ada.post(PAGE, {"file": file(b"email\na@hill.edu\nb@hill.edu\nnobody\n")})
    roster = Roster.objects.get()
    assert answer["Location"] == f"{PAGE}{roster.pk}/"
    page = ada.get(answer["Location"]).content.decode()
    assert "students.csv" in page and "Invite 2 people" in page and "nobody" in page
    ada.post(f"{PAGE}{roster.pk}/invite/")
    page = ada.get(answer["Location"]).content.decode()
    assert "0 of 2 sent" in page and 'hx-trigger="every 2s"' in page
    run_jobs(QUEUES)
    page = ada.get(answer["Location"]).content.decode()
    assert "Done: 2 of 2 sent." in page and "every 2s" not in page
    assert page.count("<td>is invited</td>") == 2


def test_a_pasted_list_will_do(browser: Browser, cast: Cast) -> None:
    ada = browser(cast.ada)
    page = ada.post(PAGE, {"text": "a@hill.edu\nb@hill.edu"}, follow=True).content.decode()
    assert "Pasted list" in page and "Invite 2 people" in page


def test_nothing_at_all_is_asked_for_again(browser: Browser, cast: Cast) -> None:
    page = browser(cast.ada).post(PAGE, {"text": " "}).content.decode()
    assert "One thing to correct" in page
    assert page.count("Choose a file or paste the list: one of both is needed.") == 2
    for field in re.findall(r'<(?:input|textarea) [^>]*name="(?:file|text)"[^>]*>', page):
        assert 'aria-invalid="true"' in field
        described = re.search(r'aria-describedby="([^"]+)"', field)
        assert described and "id_file_error" in described[1].split()
        assert all(f'id="{one}"' in page for one in described[1].split())


def test_neither_of_both_fields_is_called_optional(browser: Browser, cast: Cast) -> None:
    page = browser(cast.ada).get(PAGE).content.decode()
    assert "One of both is enough" in page and "<small>optional</small>" not in page
    assert "aria-invalid" not in page


@pytest.mark.parametrize("content", [b"x" * 3_000_000, b"PK\x03\x04", b"name\nAnn\n"])
def test_what_cannot_be_read_is_said_beside_the_file(
    browser: Browser, cast: Cast, content: bytes
) -> None:
    answer = browser(cast.ada).post(PAGE, {"file": file(content)})
    assert answer.status_code == 200
    assert "One thing to correct" in answer.content.decode()
    assert not Roster.objects.exists()


def test_a_file_is_only_read_once_it_is_known_who_sends_it(client: Client, cast: Cast) -> None:
    outsider = MembershipFactory(is_admin=True).member
    for member, status in ((None, 302), (cast.alice, 403), (cast.charlie, 404), (outsider, 404)):
        browser = Client()
        if member:
            browser.force_login(member)
        request = browser.post(PAGE, {"file": file(b"a@hill.edu")})
        assert request.status_code == status
        assert not hasattr(request.wsgi_request, "_files")


def test_a_form_from_elsewhere_is_refused(cast: Cast) -> None:
    ada = Client(enforce_csrf_checks=True)
    ada.force_login(cast.ada)
    assert ada.post(PAGE, {"text": "a@hill.edu"}).status_code == 403
    token = ada.get(PAGE).context["csrf_token"]
    given = {"text": "a@hill.edu", "csrfmiddlewaretoken": str(token)}
    assert ada.post(PAGE, given).status_code == 302


def test_outsiders_and_fellows_see_no_list(browser: Browser, cast: Cast) -> None:
    roster = read(cast, "a@hill.edu\n")
    own = f"{PAGE}{roster.pk}"
    for member, status in ((cast.alice, 403), (cast.charlie, 404)):
        visitor = browser(member)
        for path in (PAGE, f"{own}/", f"{own}.csv"):
            assert visitor.get(path).status_code == status
        for path in (f"{own}/invite/", f"{own}/cancel/"):
            assert visitor.post(path).status_code == status


def test_a_list_of_another_institute_is_not_here(browser: Browser, cast: Cast) -> None:
    boss = MembershipFactory(is_admin=True)
    roster = read(cast, "a@hill.edu\n")
    path = f"/institutes/{boss.institute.slug}/roster/{roster.pk}/"
    assert browser(boss.member).get(path).status_code == 404


def test_only_problems_and_the_rest_page_by_page(browser: Browser, cast: Cast) -> None:
    good = "".join(f"s{n}@hill.edu\n" for n in range(60))
    roster = read(cast, f"email\nnobody\n{good}nothing\n")
    ada = browser(cast.ada)
    problems = ada.get(f"{PAGE}{roster.pk}/?only=problems")
    assert [line.number for line in problems.context["lines"].items] == [2, 63]
    first = ada.get(f"{PAGE}{roster.pk}/?only=invite")
    after = first.context["lines"].next
    second = ada.get(f"{PAGE}{roster.pk}/", {"only": "invite", "after": after})
    assert len(first.context["lines"].items) + len(second.context["lines"].items) == 60
    assert ada.get(f"{PAGE}{roster.pk}/?only=elsewhere").status_code == 200
    assert ada.get(f"{PAGE}{roster.pk}/?after=made-up").status_code == 422


def test_the_tabs_are_right_before_and_after(browser: Browser, cast: Cast) -> None:
    """They say who these people are; what becomes of them, and what did, the lines say."""
    roster = read(cast, f"email\na@hill.edu\n{cast.alice.email}\n{cast.charlie.email}\nnobody\n")
    ada, path = browser(cast.ada), f"{PAGE}{roster.pk}/"

    def tabs() -> list[tuple[str, int | None]]:
        return [(tab.label, tab.count) for tab in ada.get(path).context["tabs"]]

    before = tabs()
    assert before == [
        ("All lines", 4),
        ("Only problems", 1),
        ("New people", 1),
        ("With an account here", 1),
        ("Members already", 1),
        ("No e-mail address", 1),
    ]
    services.invite_roster(row=roster, by=cast.ada)
    run_jobs(QUEUES)
    assert tabs() == before
    assert "<td>is invited</td>" in ada.get(path).content.decode()


def test_every_outcome_but_being_left_out_has_a_tab() -> None:
    """Those who are left out are found by what is wrong."""
    assert set(PEOPLE) == set(Outcome) - {Outcome.SKIP}


def test_the_report_comes_as_a_table_that_runs_nothing(browser: Browser, cast: Cast) -> None:
    roster = read(cast, 'email,name,batch\na@hill.edu,"=HYPERLINK(""x"")",+1\n-nobody,@x,\n')
    rows = table(browser(cast.ada).get(f"{PAGE}{roster.pk}.csv"))
    assert rows[0][:5] == ["line", "email", "name", "batch", "role"]
    assert rows[1][2:4] == ['\'=HYPERLINK("x")', "'+1"]
    assert rows[2][2] == "'@x"
    only = table(browser(cast.ada).get(f"{PAGE}{roster.pk}.csv?only=problems"))
    assert len(only) == 2


def test_cancelling_says_how_many_are_not_invited(browser: Browser, cast: Cast) -> None:
    roster = read(cast, "a@hill.edu\nb@hill.edu\n")
    services.invite_roster(row=roster, by=cast.ada)
    path = f"{PAGE}{roster.pk}/cancel/"
    page = browser(cast.ada).post(path, follow=True).content.decode()
    assert "2 are not invited" in page and "Cancelled" in page
    assert page.count("<td>was not invited: the list was cancelled</td>") == 2


def test_the_report_asks_the_database_as_often_for_thirty_lines_as_for_one(
    browser: Browser, cast: Cast
) -> None:
    counts = []
    ada = browser(cast.ada)
    for n in (1, 30):
        roster = invite(cast, "email\n" + "".join(f"q{n}{k}@hill.edu\n" for k in range(n)))
        counts.append(queries_of(ada, f"{PAGE}{roster.pk}/"))
    assert counts[0] == counts[1]


def test_the_form_takes_one_of_both() -> None:
    assert RosterForm({"text": "a@hill.edu"}).is_valid()
    assert RosterForm({}, MultiValueDict({"file": [file(b"x")]})).is_valid()
    assert not RosterForm({}).is_valid()
