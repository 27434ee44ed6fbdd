"""The first admin of a club: by a one-time token, or by `createsuperuser`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from codetrack.accounts import services
from codetrack.accounts.models import Institute, Membership, SetupToken, User
from codetrack.core.models import Event
from tests.cast import Cast
from tests.factories import PASSWORD, MemberFactory

pytestmark = pytest.mark.django_db


def token() -> str:
    given = services.setup_token()
    assert given
    return given


def form(token: str, **more: str) -> dict[str, str]:
    return {
        "token": token,
        "institute_name": "Hill College",
        "email": "ada@example.org",
        "username": "ada",
        "password": PASSWORD,
        "time_zone": "Europe/Berlin",
        **more,
    }


def test_one_form_makes_admin_and_institute(client: Client) -> None:
    given = token()
    assert given in client.get(f"/setup/?token={given}").content.decode()
    assert client.post("/setup/", form(given)).url == "/institutes/hill-college/"
    ada = User.objects.get()
    assert ada.is_superuser and ada.is_staff and ada.time_zone == "Europe/Berlin"
    row = Membership.objects.get()
    assert row.is_admin and row.state == Membership.State.CURRENT
    assert EmailAddress.objects.get().verified
    assert Event.objects.get().tag == "accounts:club:founded"
    assert client.get("/institutes/hill-college/").status_code == 200


def test_the_first_admin_signs_in_again(client: Client) -> None:
    client.post("/setup/", form(token()))
    response = Client().post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    assert response.url == "/start/"


def test_a_stranger_without_the_token_makes_nothing(client: Client) -> None:
    token()
    for given in ("", "made-up"):
        assert client.get("/setup/", {"token": given}).status_code == 403
        response = client.post("/setup/", form(given))
        assert response.status_code == 403
        page = response.content.decode()
        assert "The console has the link" in page and "institute_name" not in page
    assert not User.objects.exists() and not Institute.objects.exists()


def test_the_browser_knows_what_to_fill_in(client: Client) -> None:
    fields = client.get("/setup/", {"token": token()}).context["form"].fields
    hints = {name: field.widget.attrs.get("autocomplete") for name, field in fields.items()}
    assert (hints["institute_name"], hints["email"]) == ("organization", "email")
    assert (hints["username"], hints["password"]) == ("username", "new-password")


def test_without_any_token_nothing_can_be_made(client: Client) -> None:
    client.post("/setup/", form("made-up"))
    assert not User.objects.exists()


def test_the_latest_token_counts(client: Client) -> None:
    old, new = token(), token()
    assert client.get(f"/setup/?token={old}").status_code == 403
    client.post("/setup/", form(old))
    assert not User.objects.exists()
    client.post("/setup/", form(new))
    assert User.objects.exists()


def test_the_token_is_not_kept_in_plain() -> None:
    assert token() not in SetupToken.objects.get().digest


def test_once_founded_there_is_no_token_and_no_form(client: Client, cast: Cast) -> None:
    assert services.setup_token() is None
    response = client.get("/setup/")
    assert response.status_code == 409 and "has an admin already" in response.content.decode()
    assert client.post("/setup/", form("x")).status_code == 409
    client.force_login(cast.ada)
    assert client.get("/setup/").url == "/start/"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "short"),
        ("password", "ada@example.org"),
        ("username", "a b"),
        ("username", "taken"),
        ("email", "taken@example.org"),
        ("email", "no address"),
        ("institute_name", ""),
    ],
)
def test_a_bad_value_is_told_and_the_token_still_works(
    client: Client, field: str, value: str
) -> None:
    MemberFactory(username="taken", email="taken@example.org")
    given = token()
    response = client.post("/setup/", form(given, **{field: value}))
    assert field in response.context["form"].errors
    assert client.post("/setup/", form(given)).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_first_admins_at_once_one_wins_and_the_other_is_told() -> None:
    given, start = token(), Barrier(2)

    def found(name: str) -> int:
        client = Client()
        client.get("/setup/")
        start.wait(60)
        try:
            data = form(given, username=name, email=f"{name}@example.org")
            response = client.post("/setup/", data)
            if response.status_code != 302:
                assert "has an admin already" in response.content.decode()
            return response.status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        codes = sorted(pool.map(found, ["first", "second"]))
    assert codes[0] in {200, 302} and 302 in codes and len(set(codes)) == 2
    assert User.objects.count() == Institute.objects.count() == 1


# --- createsuperuser ---------------------------------------------------------


def create_superuser(**options: str) -> None:
    call_command("createsuperuser", interactive=False, verbosity=0, **options)


def test_createsuperuser_makes_an_account_that_signs_in_at_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    create_superuser(username="Root", email="Root@Example.org")
    for login in ("root", "Root", "root@example.org"):
        response = Client().post("/accounts/login/", {"login": login, "password": PASSWORD})
        assert response.url == "/start/", login


def test_createsuperuser_with_a_taken_address_says_so(cast: Cast) -> None:
    with pytest.raises(CommandError, match="already has an account"):
        create_superuser(username="root", email="ALICE@example.org")


def test_createsuperuser_counts_as_founding() -> None:
    create_superuser(username="root", email="root@example.org")
    assert services.setup_token() is None
