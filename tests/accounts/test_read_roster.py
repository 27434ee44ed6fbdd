"""A list of people is read whatever it was made with, and every line says what becomes of it."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from codetrack.accounts import services
from codetrack.accounts.models import Roster
from codetrack.core.errors import NotAllowed, Problem
from codetrack.core.models import Event, Job
from codetrack.notifications.models import Blocked
from tests.accounts.lists import fates, invite, lines, proven, read
from tests.cast import Cast
from tests.factories import InstituteFactory, MemberFactory, MembershipFactory

pytestmark = pytest.mark.django_db

JOSE = "email,name,batch\njose@hill.edu,José Ñandú,2027\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_unicode_is_read(cast: Cast, encoding: str) -> None:
    roster = read(cast, JOSE.encode(encoding))
    (line,) = lines(roster)
    assert (line.email, line.name, line.batch) == ("jose@hill.edu", "José Ñandú", "2027")
    assert roster.words == []


def test_windows_text_is_read_with_a_word_about_it(cast: Cast) -> None:
    roster = read(cast, "email;name\nanna@hill.edu;Zoë “Z” Müller\n".encode("cp1252"))
    assert lines(roster)[0].name == "Zoë “Z” Müller"
    assert "not in UTF-8" in roster.words[0]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_come_apart_by_comma_semicolon_or_tab(cast: Cast, separator: str) -> None:
    rows = ["Batch Role E-Mail Name", "2027 admin a@hill.edu Ann"]
    text = "\r\n".join(row.replace(" ", separator) for row in rows)
    (line,) = lines(read(cast, text))
    assert (line.email, line.name, line.batch, line.is_admin) == ("a@hill.edu", "Ann", "2027", True)


def test_quotes_blank_lines_and_invisible_marks_do_no_harm(cast: Cast) -> None:
    text = '\n\nE-MAIL_ADDRESS,Full  Name\n\n" A@Hill.EDU\u200b","Doe, ""Jo"" \n Ann"\n,\n,\n'
    (line,) = lines(read(cast, text))
    assert (line.email, line.name) == ("a@hill.edu", 'Doe, "Jo" Ann')
    assert line.number == 5


def test_the_first_line_of_excel_names_the_separator(cast: Cast) -> None:
    (line,) = lines(read(cast, "sep=;\nemail;first name;surname\na@hill.edu;Ann;Lee\n"))
    assert (line.number, line.name) == (3, "Ann Lee")


def test_a_bare_list_of_addresses_will_do(cast: Cast) -> None:
    roster = read(cast, "a@hill.edu\nmailto:b@hill.edu\nCy Lee <c@hill.edu>\n")
    assert [(line.email, line.name) for line in lines(roster)] == [
        ("a@hill.edu", ""),
        ("b@hill.edu", ""),
        ("c@hill.edu", "Cy Lee"),
    ]
    assert "names no columns" in roster.words[0]


def test_unknown_columns_are_named(cast: Cast) -> None:
    assert "shoe size" in read(cast, "email,shoe size\na@hill.edu,44\n").words[0]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "roster_empty"),
        (b"\n \n,,\n", "roster_empty"),
        (b"email,name\n", "roster_empty"),
        (b"name,batch\nAnn,2027\n", "roster_head"),
        (b"PK\x03\x04 a workbook", "roster_workbook"),
        (bytes(range(256)) * 4, "roster_no_text"),
        (b'email\n"a@hill.edu\nb@hill.edu\nc@hill.edu\nd@hill.edu\n', "roster_unclosed"),
        (b"email\n" + b"a@hill.edu\n" * 10_001, "roster_long"),
        (b"email\n" + b"x" * 2_200_000, "roster_large"),
        (b"email\n" + b"x" * 200_000, "roster_unclosed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_says_why(cast: Cast, raw: bytes, code: str) -> None:
    with pytest.raises(Problem) as refused:
        read(cast, raw)
    assert refused.value.code == code
    assert not Roster.objects.exists()


def test_each_line_says_what_becomes_of_it(cast: Cast) -> None:
    elsewhere = MembershipFactory(institute=InstituteFactory()).member
    Blocked.objects.create(address="never@hill.edu", why=Blocked.Why.ASKED)
    rows = [
        "new@hill.edu,,member",
        f"{cast.alice.email},,",
        f"{cast.charlie.email},,",
        "NEW@hill.edu,,",
        "new at hill,,",
        ",,",
        f"{elsewhere.email},,",
        "never@hill.edu,,",
        "boss@hill.edu,,Chief",
        f"long@hill.edu,{'x' * 41},admin",
    ]
    roster = read(cast, "\n".join(["email,batch,role", *rows]))
    assert fates(roster) == [
        ("invite", ""),
        ("member", ""),
        ("ask", ""),
        ("skip", "duplicate"),
        ("skip", "bad_address"),
        ("skip", "elsewhere"),
        ("skip", "refused"),
        ("skip", "unknown_role"),
        ("invite", "shortened"),
    ]
    details = {line.number: line.detail for line in lines(roster)}
    assert "line 2" in details[5] and "new at hill" in details[6] and "no mail" in details[9]


def test_a_line_that_is_left_out_takes_nobodys_place(cast: Cast) -> None:
    text = "email,role\nnew@hill.edu,Chief\nnew@hill.edu,member\nnew@hill.edu,Chief\n"
    assert fates(read(cast, text)) == [
        ("skip", "unknown_role"),
        ("invite", ""),
        ("skip", "unknown_role"),
    ]


def test_an_address_without_confirmation_is_nobodys(cast: Cast) -> None:
    stranger = MemberFactory(confirmed=False)
    assert fates(read(cast, stranger.email)) == [("invite", "")]
    EmailAddress.objects.filter(user=stranger).update(verified=True)
    assert fates(read(cast, stranger.email)) == [("ask", "")]


def test_a_foreign_handle_is_left_out_and_the_person_invited(cast: Cast) -> None:
    proven(cast.bob, "Tourist")
    text = (
        "email,Codeforces,leetcode handle\n"
        "a@hill.edu,tourist,@neal_wu\n"
        f"{cast.charlie.email},https://codeforces.com/profile/Petr,\n"
        "b@hill.edu,no handle!,\n"
    )
    roster = read(cast, text)
    assert fates(roster) == [
        ("invite", "foreign_handle"),
        ("ask", ""),
        ("invite", "bad_handle"),
    ]
    assert [line.extras for line in lines(roster)] == [
        {"leetcode": "neal_wu"},
        {"codeforces": "Petr"},
        {},
    ]


def test_a_handle_that_stands_there_twice_is_the_first_ones(cast: Cast) -> None:
    text = (
        "email,codeforces,leetcode,role\n"
        "x@hill.edu,petr,,boss\n"  # is left out as a whole
        "a@hill.edu,Petr,neal_wu,\n"
        "a@hill.edu,second,,\n"
        "b@hill.edu,https://codeforces.com/profile/petr,petr,\n"
        "c@hill.edu,second,,\n"
    )
    roster = read(cast, text)
    assert fates(roster) == [
        ("skip", "unknown_role"),
        ("invite", ""),
        ("skip", "duplicate"),
        ("invite", "duplicate"),
        ("invite", ""),
    ]
    _role, first, _same, again, last = lines(roster)
    assert first.extras == {"codeforces": "Petr", "leetcode": "neal_wu"}
    assert (again.extras, last.extras) == ({"leetcode": "petr"}, {"codeforces": "second"})
    assert "line 3" in again.detail


def test_a_handle_is_not_foreign_to_its_owner(cast: Cast) -> None:
    proven(cast.charlie, "tourist")
    roster = read(cast, f"email,codeforces\n{cast.charlie.email},tourist\n")
    assert fates(roster) == [("ask", "")]


def test_looking_sends_nothing(cast: Cast) -> None:
    read(cast, "a@hill.edu\n")
    assert [event.tag for event in Event.objects.all()] == ["accounts:roster:read"]
    assert not Job.objects.exclude(task__contains="consume").exists()


def test_the_same_list_again_changes_nothing(cast: Cast) -> None:
    text = "email,name,batch\na@hill.edu,Ann,2027\nb@hill.edu,Bo,2027\n"
    invite(cast, text)
    assert fates(read(cast, text)) == [("waiting", "")] * 2
    newer = text.replace("Bo,2027", "Bob,2028")
    assert fates(read(cast, newer)) == [("waiting", ""), ("update", "")]


def test_only_an_admin_hands_in_a_list(cast: Cast) -> None:
    for outsider in (cast.alice, cast.charlie, MembershipFactory(is_admin=True).member):
        with pytest.raises(NotAllowed):
            services.read_roster(institute=cast.institute, raw=b"a@hill.edu", title="", by=outsider)


def test_ten_thousand_lines_of_every_kind_are_read(cast: Cast) -> None:
    proven(cast.bob, "tourist")
    rows = []
    for n in range(10_000):
        match n % 5:
            case 0:
                rows.append("same@hill.edu;Same;;")
            case 1:
                rows.append(f"not an address {n};;;")
            case 2:
                rows.append(f"foreign{n}@hill.edu;Müller;2027;tourist")
            case _:
                rows.append(f"student{n}@hill.edu;Zoë {n};2028;user_{n}")
    raw = "\r\n".join(["E-Mail;Name;Batch;Codeforces", *rows]).encode("cp1252")
    found = fates(read(cast, raw))
    assert len(found) == 10_000
    assert found.count(("skip", "duplicate")) == 1_999
    assert found.count(("skip", "bad_address")) == 2_000
    assert found.count(("invite", "foreign_handle")) == 2_000
    assert found.count(("invite", "")) == 4_001
