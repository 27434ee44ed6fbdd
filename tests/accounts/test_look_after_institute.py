"""What the admins of an institute look after: link, domains, admins. And nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from codetrack.accounts import services
from codetrack.accounts.models import EmailDomain, User
from codetrack.core.errors import Conflict, NotAllowed, Problem
from tests.cast import Cast
from tests.factories import InstituteFactory, MemberFactory, MembershipFactory

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]

DOORS = [
    "/institutes/hill/invitation/",
    "/institutes/hill/domains/",
    "/institutes/hill/domains/{domain}/remove/",
    "/institutes/hill/members/{bob}/admin/",
    "/institutes/hill/members/{bob}/step-down/",
    "/institutes/hill/members/{bob}/remove/",
]


@pytest.fixture
def boss(cast: Cast) -> User:
    """An admin of the institute who is not site admin."""
    return MembershipFactory(
        institute=cast.institute, is_admin=True, member=MemberFactory(email="boss@hill.example")
    ).member


@pytest.mark.parametrize("door", DOORS)
def test_doors_for_admins(browser: Browser, cast: Cast, door: str) -> None:
    domain = EmailDomain.objects.create(institute=cast.institute, domain="old.example")
    path = door.format(domain=domain.pk, bob=cast.membership(cast.bob).pk)
    data = {"domain": "hill.example"}
    assert Client().post(path, data).url.startswith("/accounts/login/")
    assert browser(cast.charlie).post(path, data).status_code == 404
    assert browser(cast.alice).post(path, data).status_code == 403
    assert browser(cast.ada).get(path).status_code == 405


def test_the_link_is_replaced(browser: Browser, cast: Cast, boss: User) -> None:
    old = cast.institute.invitation
    browser(boss).post("/institutes/hill/invitation/")
    cast.institute.refresh_from_db()
    assert cast.institute.invitation != old
    page = browser(boss).get("/institutes/hill/").content.decode()
    assert cast.institute.invitation_path() in page


def test_members_do_not_see_the_link(browser: Browser, cast: Cast) -> None:
    page = browser(cast.alice).get("/institutes/hill/").content.decode()
    assert cast.institute.invitation not in page


def test_an_admin_adds_the_domain_of_their_own_address(
    browser: Browser, cast: Cast, boss: User
) -> None:
    browser(boss).post("/institutes/hill/domains/", {"domain": " @Hill.example "})
    domain = EmailDomain.objects.get()
    assert domain.domain == "hill.example"
    browser(boss).post(f"/institutes/hill/domains/{domain.pk}/remove/")
    assert not EmailDomain.objects.exists()


@pytest.mark.parametrize(
    ("domain", "code"),
    [
        ("other.example", "foreign_domain"),
        ("gmail.com", "public_domain"),
        ("not a domain", "bad_domain"),
        ("", "bad_domain"),
        ("hill.example/x", "bad_domain"),
    ],
)
def test_domains_that_an_admin_cannot_add(cast: Cast, boss: User, domain: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        services.add_domain(institute=cast.institute, domain=domain, by=boss)
    assert caught.value.code == code and caught.value.field == "domain"


def test_what_is_wrong_with_a_domain_stands_beside_the_field(
    browser: Browser, cast: Cast, boss: User
) -> None:
    answer = browser(boss).post("/institutes/hill/domains/", {"domain": "gmail.com"})
    assert answer.url == "/institutes/hill/?domain=gmail.com"
    page = browser(boss).get(answer.url)
    assert "home/institute.html" in [template.name for template in page.templates]
    assert "everybody could join" in page.content.decode()
    assert not EmailDomain.objects.exists()


@pytest.mark.parametrize("domain", ["", "é&=#.example", "x" * 254])
def test_whatever_is_typed_as_a_domain_comes_back(
    browser: Browser, cast: Cast, boss: User, domain: str
) -> None:
    page = browser(boss).post("/institutes/hill/domains/", {"domain": domain}, follow=True)
    form = page.context["domain_form"]
    assert form.errors["domain"] and form["domain"].value() == domain


def test_a_domain_in_the_address_of_the_page_adds_nothing(
    browser: Browser, cast: Cast, boss: User
) -> None:
    page = browser(boss).get("/institutes/hill/?domain=hill.example")
    assert not page.context["domain_form"].errors and not EmailDomain.objects.exists()
    assert "domain_form" not in browser(cast.alice).get("/institutes/hill/?domain=x").context


def test_an_unconfirmed_address_adds_no_domain(cast: Cast) -> None:
    sly = MemberFactory(email="sly@rich.example", confirmed=False)
    MembershipFactory(member=sly, institute=cast.institute, is_admin=True)
    with pytest.raises(Problem):
        services.add_domain(institute=cast.institute, domain="rich.example", by=sly)


def test_a_domain_belongs_to_one_institute(cast: Cast) -> None:
    services.add_domain(institute=cast.institute, domain="hill.example", by=cast.ada)
    with pytest.raises(Conflict):
        services.add_domain(institute=InstituteFactory(), domain="hill.example", by=cast.ada)


def test_a_domain_of_another_institute_cannot_be_removed_here(
    browser: Browser, cast: Cast, boss: User
) -> None:
    other = EmailDomain.objects.create(institute=InstituteFactory(), domain="other.example")
    path = f"/institutes/hill/domains/{other.pk}/remove/"
    assert browser(boss).post(path).status_code == 404


def test_a_member_of_another_institute_cannot_be_changed_here(browser: Browser, boss: User) -> None:
    other = MembershipFactory()
    path = f"/institutes/hill/members/{other.pk}/remove/"
    assert browser(boss).post(path).status_code == 404


def test_admins_are_made_and_step_down(browser: Browser, cast: Cast, boss: User) -> None:
    row = cast.membership(cast.alice)
    browser(boss).post(f"/institutes/hill/members/{row.pk}/admin/")
    assert cast.membership(cast.alice).is_admin
    browser(boss).post(f"/institutes/hill/members/{row.pk}/step-down/")
    assert not cast.membership(cast.alice).is_admin


def test_one_admin_stays(cast: Cast) -> None:
    with pytest.raises(Conflict):
        services.withdraw_institute_admin(membership=cast.membership(cast.ada), by=cast.ada)
    assert cast.membership(cast.ada).is_admin


def test_an_admin_who_is_switched_off_does_not_let_the_other_go(cast: Cast, boss: User) -> None:
    User.objects.filter(pk=boss.pk).update(is_active=False)
    with pytest.raises(Conflict):
        services.leave(member=cast.ada)
    services.remove(membership=cast.membership(boss), by=cast.ada)


def test_who_asked_cannot_be_made_admin(cast: Cast) -> None:
    row = services.request_membership(member=cast.charlie, institute=cast.institute)
    with pytest.raises(Conflict):
        services.make_institute_admin(membership=row, by=cast.ada)


def test_only_the_site_admin_founds_institutes(cast: Cast, boss: User) -> None:
    first = services.found_institute(name="Hill College", by=cast.ada)
    assert first.slug == "hill-college"
    assert services.found_institute(name="Hill College", by=cast.ada).slug == "hill-college-2"
    assert services.found_institute(name="日本", by=cast.ada).slug == "club"
    with pytest.raises(NotAllowed):
        services.found_institute(name="Mine", by=boss)
