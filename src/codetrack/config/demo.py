"""`codetrack demo`: the club process with a pretend outside world, in a data folder of its own."""

from __future__ import annotations

import os
from pathlib import Path

from codetrack.config import embedded, env
from codetrack.config.start import DEMO_MARK, Refused, keep_private, prepare, use_settings
from codetrack.demo.servers import INTERVAL, DemoServers, PortTaken
from codetrack.demo.world import OtherPeople
from codetrack.platforms import registry


def start() -> None:
    """Start the pretend world, the club that lives in it, and say how to sign in."""
    embedded.leave_when_told()
    with embedded.claim_port() as claimed:
        data = _own_folder()
        keep_private(data)
        with _world(data) as world:
            _point_at(world)
            use_settings()
            prepare()
            _make_ours(data, world)
            embedded.serve(claimed, embedded.address(), _people(), _places())


def _own_folder() -> Path:
    """Never the folder of a real club: whoever knows the printed passwords could enter it."""
    if "CODETRACK_DATA" not in os.environ:
        real = env.data_folder()
        os.environ["CODETRACK_DATA"] = str(real.with_name(f"{real.name}-demo"))
    return env.data_folder()


def _world(data: Path) -> DemoServers:
    port = env.bind()[1]
    try:
        return DemoServers(port, data)
    except PortTaken as error:
        raise Refused(f"{error} The demo uses PORT, PORT + 1 and PORT + 2.") from error
    except OtherPeople as error:
        raise Refused(
            f"{error} Remove {data}, or give the demo another folder with CODETRACK_DATA."
        ) from error


def _point_at(world: DemoServers) -> None:
    """Settings of the pretend world; a platform that is not pretended is switched off."""
    os.environ |= {"CODETRACK_DEMO": "1", "CODETRACK_MAIL_URL": world.smtp_url}
    pretended = world.pretend.platforms
    for key in registry.all_platforms():
        name = f"CODETRACK_{key.upper()}"
        os.environ[f"{name}_ENABLED"] = "1" if key in pretended else "0"
        os.environ[f"{name}_URL"] = world.url(key)
        os.environ[f"{name}_INTERVAL"] = str(INTERVAL)


def _make_ours(data: Path, world: DemoServers) -> None:
    """Write the demo club at the first start, unless people live here already."""
    from codetrack.accounts.models import User
    from codetrack.demo.seed import seed

    mark = data / DEMO_MARK
    if not mark.exists() and User.objects.exists():
        raise Refused(
            f"A real club lives in {data}: give the demo another folder with CODETRACK_DATA."
        )
    seed(world.pretend, world.url)
    mark.touch()


def _people() -> str:
    from codetrack.demo.seed import ADMIN, NEWCOMER, PASSWORD

    return (
        "Sign in as\n"
        f"  {ADMIN:10} {PASSWORD}   the admin of the club\n"
        f"  {NEWCOMER:10} {PASSWORD}   a member who has not linked a handle yet"
    )


def _places() -> str:
    from django.conf import settings
    from django.urls import reverse

    return (
        "The pretend world\n"
        f"  {settings.CODETRACK_URL}{reverse('demo:mailbox'):18} every mail that was sent\n"
        f"  {settings.CODETRACK_URL}{reverse('demo:index'):18} profiles, contests, trouble"
    )
