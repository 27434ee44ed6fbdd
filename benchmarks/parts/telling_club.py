"""The part of `notify` that needs Django: members, requests that change something, the worker.

`python -m benchmarks.parts.telling_club prepare|change|send|work|count …`, on DATABASE_URL.
"""

from __future__ import annotations

import json
import os
import sys
import time
from statistics import median
from typing import Any


def prepare(count: str) -> None:
    """Members with a confirmed address, each with a handle."""
    from allauth.account.models import EmailAddress
    from django.core.management import call_command

    from codetrack.accounts.models import User
    from codetrack.core import clock
    from codetrack.ratings.models import Claim, Handle

    call_command("migrate", verbosity=0)
    names = [f"member{number}" for number in range(int(count))]
    members = User.objects.bulk_create(
        User(username=name, email=f"{name}@example.org") for name in names
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=it, email=it.email, primary=True, verified=True) for it in members
    )
    now, known = clock.now(), {"platform": "codeforces"}
    handles = Handle.objects.bulk_create(
        Handle(canonical=name, shown=name, state_at=now, **known) for name in names
    )
    Claim.objects.bulk_create(
        Claim(member=member, handle=handle, created_at=now, **known)
        for member, handle in zip(members, handles, strict=True)
    )


def change() -> None:
    """Every rating changes, each in a request of its own."""
    for claim in _claims():
        _change(claim)


def send(count: str) -> None:
    """The naive way: the request that changes a rating also sends the mail about it. Prints the
    milliseconds of our requests and of these, which take turns. Neither waits for the disk: that
    both would do it would only hide how much longer one takes.
    """
    from django.core.mail import EmailMultiAlternatives
    from django.core.mail.backends.smtp import EmailBackend
    from django.db import connection
    from django.template.loader import render_to_string

    hurry = {"postgresql": "SET synchronous_commit TO off", "sqlite": "PRAGMA synchronous=OFF"}
    with connection.cursor() as cursor:
        cursor.execute(hurry[connection.vendor])
    server = EmailBackend(alias="", host="127.0.0.1", port=int(_mail_port()))

    def change_and_send(claim: Any) -> None:
        _change(claim)
        words = {"subject": "Codeforces: 1500 → 1510 (+10)", "site_url": "http://localhost"}
        last = {"body": f"The rating of {claim.handle.shown} rose.", "url": "http://localhost/"}
        texts = [
            render_to_string(f"notifications/mail/one.{kind}", {**words, "last": last})
            for kind in ("txt", "html")
        ]
        mail = EmailMultiAlternatives(words["subject"], texts[0], to=[claim.member.email])
        mail.attach_alternative(texts[1], "text/html")
        server.send_messages([mail])

    took: dict[str, list[float]] = {"ours": [], "theirs": []}
    for claim in _claims()[: int(count)]:
        for name, act in (("ours", _change), ("theirs", change_and_send)):
            begin = time.perf_counter()
            act(claim)
            took[name].append((time.perf_counter() - begin) * 1_000)
    print(json.dumps({name: median(times) for name, times in took.items()}))


def work() -> None:
    """What `codetrack worker` runs; prints the seconds until everything is delivered."""
    from django.conf import settings

    from codetrack.core.jobs.worker import Worker
    from codetrack.notifications.models import Delivery

    settings.NOTICES_JOIN_SECONDS = 0
    worker = Worker(["default", "notices"])
    begin = time.monotonic()
    worker.start()
    sent = Delivery.objects.filter(state=Delivery.State.SENT)
    wanted = _claims().count()
    while sent.count() < wanted and time.monotonic() - begin < 1_800:
        time.sleep(0.5)
    print(json.dumps(time.monotonic() - begin))
    worker.stop()


def count() -> None:
    """How many notices stand in inboxes."""
    from codetrack.notifications.models import Notice

    print(json.dumps(Notice.objects.filter(in_inbox=True).count()))


def _claims() -> Any:
    from codetrack.ratings.models import Claim

    return Claim.objects.select_related("handle", "member").order_by("pk")


def _change(claim: Any) -> None:
    from django.db import transaction

    from codetrack.core import events
    from codetrack.ratings.events import RatingChanged

    with transaction.atomic():
        changed = RatingChanged(
            handle_id=claim.handle_id,
            platform=claim.platform,
            old=1500,
            new=1510,
            contests=1,
            revised=0,
        )
        events.record(changed, subject=claim.handle)


def _mail_port() -> str:
    return os.environ["CODETRACK_MAIL_URL"].rpartition(":")[2]


def main() -> None:
    os.environ |= {
        "SECRET_KEY": "only-for-benchmarks",
        "DJANGO_SETTINGS_MODULE": "codetrack.config.settings",
        "CODETRACK_JUDGE_WORKERS": "0",
    }
    import django
    from django.core.mail import DNS_NAME

    django.setup()
    DNS_NAME.get_fqdn()  # may be slow, and is asked once a process
    name, *arguments = sys.argv[1:]
    globals()[name](*arguments)


if __name__ == "__main__":
    main()
