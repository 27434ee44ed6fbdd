"""Joining, asking, approving, leaving: one current institute a member."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from codetrack.accounts import services
from codetrack.accounts.models import Institute, Membership, User
from codetrack.core.errors import Conflict, HouseError, NotAllowed, Problem, TooMany
from codetrack.core.models import Event
from tests.cast import Cast, make_cast
from tests.factories import InstituteFactory, MemberFactory, MembershipFactory

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]


def tags() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("tag", flat=True))


def ask(member: User, institute: Institute) -> Membership:
    return services.request_membership(member=member, institute=institute)


# --- by link -----------------------------------------------------------------


def test_a_member_joins_by_the_link(browser: Browser, cast: Cast) -> None:
    charlie = browser(cast.charlie)
    path = cast.institute.invitation_path()
    assert "Hill College" in charlie.get(path).content.decode()
    assert charlie.post(path).url == "/institutes/hill/"
    assert cast.membership(cast.charlie).way == Membership.Way.LINK
    assert tags() == ["accounts:membership:started"]


def test_looking_at_the_link_joins_nothing(browser: Browser, cast: Cast) -> None:
    browser(cast.charlie).get(cast.institute.invitation_path())
    assert cast.charlie.current_membership() is None


def test_joining_twice_is_joining_once(browser: Browser, cast: Cast) -> None:
    charlie = browser(cast.charlie)
    for _ in range(2):
        assert charlie.post(cast.institute.invitation_path()).status_code == 302
    assert tags() == ["accounts:membership:started"]


def test_a_visitor_signs_in_and_comes_back(client: Client, cast: Cast) -> None:
    page = client.get(cast.institute.invitation_path()).content.decode()
    assert f"/accounts/login/?next={cast.institute.invitation_path()}" in page


def test_a_visitor_cannot_join_by_post(client: Client, cast: Cast) -> None:
    client.post(cast.institute.invitation_path())
    assert not Event.objects.exists()


def test_an_old_link_says_so(browser: Browser, cast: Cast) -> None:
    old = cast.institute.invitation_path()
    services.rotate_invitation(institute=cast.institute, by=cast.ada)
    response = browser(cast.charlie).post(old)
    assert response.status_code == 404 and "no longer valid" in response.content.decode()


def test_a_member_of_another_institute_is_told_to_leave_first(browser: Browser, cast: Cast) -> None:
    other = InstituteFactory()
    alice = browser(cast.alice)
    assert "leave it first" in alice.get(other.invitation_path()).content.decode()
    response = alice.post(other.invitation_path())
    assert response.status_code == 409 and "Leave it before" in response.content.decode()
    assert cast.membership(cast.alice).institute == cast.institute


def test_the_database_keeps_one_current_institute(cast: Cast) -> None:
    with pytest.raises(IntegrityError):
        MembershipFactory(member=cast.alice, institute=InstituteFactory())


@pytest.mark.django_db(transaction=True)
def test_two_joins_at_once_are_one() -> None:
    cast = make_cast()
    others = [cast.institute, *InstituteFactory.create_batch(3)]

    def join(institute: Institute) -> str:
        try:
            services.join_by_link(member=cast.charlie, invitation=institute.invitation)
        except Conflict as error:
            return error.code
        finally:
            connection.close()
        return "joined"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(join, others)) == ["has_institute"] * 3 + ["joined"]


# --- by request --------------------------------------------------------------


def test_an_admin_lets_in_who_asked(browser: Browser, cast: Cast) -> None:
    browser(cast.charlie).post("/institutes/hill/ask/")
    row = Membership.objects.requested().get(member=cast.charlie)
    page = browser(cast.ada).get("/institutes/hill/").content.decode()
    assert "Charlie Outsider" in page
    browser(cast.ada).post(f"/institutes/hill/members/{row.pk}/approve/")
    assert cast.membership(cast.charlie).way == Membership.Way.REQUEST
    assert tags() == ["accounts:membership:requested", "accounts:membership:started"]


def test_asking_twice_is_asking_once(cast: Cast) -> None:
    assert ask(cast.charlie, cast.institute) == ask(cast.charlie, cast.institute)
    assert tags() == ["accounts:membership:requested"]


def test_asking_and_taking_it_back_without_end_is_slowed_down(cast: Cast) -> None:
    """Each time all admins get a mail."""
    for _ in range(10):
        services.decline(membership=ask(cast.charlie, cast.institute), by=cast.charlie)
    with pytest.raises(TooMany):
        ask(cast.charlie, cast.institute)
    assert tags().count("accounts:membership:requested") == 10
    assert not Membership.objects.waiting().exists()


def test_a_declined_member_may_ask_again(cast: Cast) -> None:
    row = ask(cast.charlie, cast.institute)
    services.decline(membership=row, by=cast.ada)
    row.refresh_from_db()
    assert row.state == Membership.State.DECLINED
    assert ask(cast.charlie, cast.institute) != row


def test_a_declined_member_does_not_come_in_by_the_link(browser: Browser, cast: Cast) -> None:
    services.decline(membership=ask(cast.charlie, cast.institute), by=cast.ada)
    services.rotate_invitation(institute=cast.institute, by=cast.ada)
    charlie, path = browser(cast.charlie), cast.institute.invitation_path()
    assert "Ask to join Hill College" in charlie.get(path).content.decode()
    page = charlie.post(path, follow=True).content.decode()
    assert "Your request is with the admins of Hill College" in page
    assert cast.charlie.current_membership() is None
    charlie.post(path)
    row = Membership.objects.requested().get(member=cast.charlie)
    services.approve(membership=row, by=cast.ada)
    assert cast.membership(cast.charlie).way == Membership.Way.REQUEST


def test_a_declined_member_does_not_come_in_by_their_address(cast: Cast) -> None:
    services.decline(membership=ask(cast.charlie, cast.institute), by=cast.ada)
    cast.institute.domains.create(domain="example.org")
    assert ask(cast.charlie, cast.institute).state == Membership.State.REQUESTED


def test_who_was_declined_elsewhere_joins_by_the_link(browser: Browser, cast: Cast) -> None:
    services.decline(membership=ask(cast.charlie, InstituteFactory()), by=cast.ada)
    page = browser(cast.charlie).get(cast.institute.invitation_path()).content.decode()
    assert "Ask to join" not in page
    services.join_by_link(member=cast.charlie, invitation=cast.institute.invitation)
    assert cast.membership(cast.charlie).way == Membership.Way.LINK


def test_who_took_a_request_back_may_still_join_by_the_link(browser: Browser, cast: Cast) -> None:
    for institute in (cast.institute, InstituteFactory(slug="mill")):
        browser(cast.charlie).post(f"/institutes/{institute.slug}/ask/")
    browser(cast.charlie).post("/institutes/hill/withdraw/")
    services.join_by_link(member=cast.charlie, invitation=cast.institute.invitation)
    services.leave(member=cast.charlie)
    mill = Institute.objects.get(slug="mill")
    services.join_by_link(member=cast.charlie, invitation=mill.invitation)
    assert cast.membership(cast.charlie).institute == mill


def test_taking_a_request_back_does_not_undo_a_no(cast: Cast) -> None:
    remove(cast)
    services.decline(membership=ask(cast.bob, cast.institute), by=cast.bob)
    again = services.join_by_link(member=cast.bob, invitation=cast.institute.invitation)
    assert again.state == Membership.State.REQUESTED


def test_a_request_can_be_withdrawn(browser: Browser, cast: Cast) -> None:
    ask(cast.charlie, cast.institute)
    browser(cast.charlie).post("/institutes/hill/withdraw/")
    assert not Membership.objects.waiting().exists()


def test_getting_in_elsewhere_ends_other_requests(cast: Cast) -> None:
    other = InstituteFactory()
    ask(cast.charlie, other)
    services.join_by_link(member=cast.charlie, invitation=cast.institute.invitation)
    assert not Membership.objects.waiting().exists()


def test_a_request_is_answered_once(cast: Cast) -> None:
    row = ask(cast.charlie, cast.institute)
    services.approve(membership=row, by=cast.ada)
    with pytest.raises(Conflict):
        services.approve(membership=row, by=cast.ada)
    with pytest.raises(Conflict):
        services.decline(membership=row, by=cast.ada)


def test_a_member_cannot_approve(browser: Browser, cast: Cast) -> None:
    row = ask(cast.charlie, cast.institute)
    response = browser(cast.alice).post(f"/institutes/hill/members/{row.pk}/approve/")
    assert response.status_code == 403
    with pytest.raises(NotAllowed):
        services.approve(membership=row, by=cast.alice)
    with pytest.raises(NotAllowed):
        services.approve(membership=row, by=cast.charlie)
    assert cast.charlie.current_membership() is None


def test_an_admin_of_another_institute_cannot_approve(cast: Cast) -> None:
    row = ask(cast.charlie, cast.institute)
    stranger = MembershipFactory(is_admin=True).member
    with pytest.raises(NotAllowed):
        services.approve(membership=row, by=stranger)


def test_a_confirmed_address_of_the_domain_is_in_at_once(cast: Cast) -> None:
    cast.institute.domains.create(domain="example.org")
    assert ask(cast.charlie, cast.institute).way == Membership.Way.DOMAIN


def test_an_unconfirmed_address_of_the_domain_waits(cast: Cast) -> None:
    cast.institute.domains.create(domain="example.org")
    member = MemberFactory(confirmed=False)
    assert ask(member, cast.institute).state == Membership.State.REQUESTED


def test_the_page_lists_institutes_to_ask(browser: Browser, cast: Cast) -> None:
    page = browser(cast.charlie).get("/institutes/").content.decode()
    assert "Hill College" in page and "/institutes/hill/ask/" in page
    ask(cast.charlie, cast.institute)
    page = browser(cast.charlie).get("/institutes/").content.decode()
    assert "Waits for approval" in page and "/institutes/hill/ask/" not in page


def test_who_has_nothing_to_ask_is_not_offered_to(browser: Browser, cast: Cast) -> None:
    def page(member: User) -> str:
        return browser(member).get("/institutes/").content.decode()

    assert "Ask to join" not in page(cast.alice) and "No institute" not in page(cast.alice)
    mill = InstituteFactory(slug="mill", name="Mill School")
    assert "Mill School" in page(cast.alice) and "Ask to join" not in page(cast.alice)
    assert "Ask to join" in page(cast.charlie)
    mill.delete()
    cast.institute.delete()
    assert "No institute here yet" in page(cast.charlie)
    assert "Ask to join" not in page(cast.charlie)


@pytest.mark.django_db(transaction=True)
def test_approving_leaving_and_joining_at_once_do_not_lock_each_other_out() -> None:
    cast = make_cast()
    rows = [ask(member, cast.institute) for member in MemberFactory.create_batch(6)]
    acts: list[Callable[[], object]] = [lambda: services.leave(member=cast.alice)]
    for row in rows:
        joins = partial(services.join_by_link, invitation=cast.institute.invitation)
        acts.append(partial(services.approve, membership=row, by=cast.ada))
        acts.append(partial(joins, member=row.member))

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except Conflict:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, acts))
    current = Membership.objects.current().filter(institute=cast.institute)
    assert current.count() == 5 - 1 + len(rows)
    assert tags().count("accounts:membership:started") == len(rows)


# --- out again ---------------------------------------------------------------


def test_a_member_leaves(browser: Browser, cast: Cast) -> None:
    browser(cast.alice).post("/institutes/hill/leave/")
    assert cast.alice.current_membership() is None
    assert tags() == ["accounts:membership:ended"]
    services.join_by_link(member=cast.alice, invitation=cast.institute.invitation)
    assert cast.membership(cast.alice).way == Membership.Way.LINK


def test_the_last_admin_hands_over_first(browser: Browser, cast: Cast) -> None:
    page = browser(cast.ada).post("/institutes/hill/leave/", follow=True)
    assert page.request["PATH_INFO"] == "/institutes/hill/"
    assert "needs an admin" in page.content.decode()
    services.make_institute_admin(membership=cast.membership(cast.alice), by=cast.ada)
    services.leave(member=cast.ada)
    assert cast.ada.current_membership() is None
    assert cast.membership(cast.alice).is_admin


def test_an_admin_whose_account_is_off_is_no_other_admin(cast: Cast) -> None:
    services.make_institute_admin(membership=cast.membership(cast.bob), by=cast.ada)
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    with pytest.raises(Conflict) as refused:
        services.leave(member=cast.ada)
    assert refused.value.code == "last_admin"


def test_who_is_alone_may_leave() -> None:
    row = MembershipFactory(is_admin=True)
    services.leave(member=row.member)
    assert row.member.current_membership() is None


def test_nobody_leaves_what_they_are_not_in(cast: Cast) -> None:
    with pytest.raises(HouseError):
        services.leave(member=cast.charlie)


def test_an_admin_ends_a_membership(browser: Browser, cast: Cast) -> None:
    row = cast.membership(cast.bob)
    browser(cast.ada).post(f"/institutes/hill/members/{row.pk}/remove/")
    assert cast.bob.current_membership() is None


def remove(cast: Cast) -> None:
    services.remove(membership=cast.membership(cast.bob), by=cast.ada)


def test_a_removed_member_does_not_return_by_the_link(browser: Browser, cast: Cast) -> None:
    remove(cast)
    page = browser(cast.bob).post(cast.institute.invitation_path(), follow=True)
    assert "Your request is with the admins of Hill College" in page.content.decode()
    assert cast.bob.current_membership() is None
    row = Membership.objects.requested().get(member=cast.bob)
    browser(cast.ada).post(f"/institutes/hill/members/{row.pk}/approve/")
    assert cast.membership(cast.bob).way == Membership.Way.REQUEST


def test_a_removed_member_does_not_return_by_their_address(cast: Cast) -> None:
    cast.institute.domains.create(domain="example.org")
    remove(cast)
    assert ask(cast.bob, cast.institute).state == Membership.State.REQUESTED
    services.confirm_address(member=cast.bob, email="bob@example.org")
    assert cast.bob.current_membership() is None
    assert Membership.objects.requested().filter(member=cast.bob).count() == 1


def test_whom_an_admin_let_in_again_may_leave_and_return(cast: Cast) -> None:
    remove(cast)
    services.approve(membership=ask(cast.bob, cast.institute), by=cast.ada)
    link = cast.institute.invitation
    again = services.join_by_link(member=cast.bob, invitation=link)
    assert again == cast.membership(cast.bob)
    services.leave(member=cast.bob)
    services.join_by_link(member=cast.bob, invitation=link)
    assert cast.membership(cast.bob).way == Membership.Way.LINK


def test_a_member_cannot_end_anothers_membership(browser: Browser, cast: Cast) -> None:
    row = cast.membership(cast.bob)
    assert browser(cast.alice).post(f"/institutes/hill/members/{row.pk}/remove/").status_code == 403
    assert cast.bob.current_membership() is not None


def test_a_made_up_invitation_is_a_problem(cast: Cast) -> None:
    with pytest.raises(Problem):
        services.join_by_link(member=cast.charlie, invitation="")
