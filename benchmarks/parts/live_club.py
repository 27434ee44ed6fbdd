"""The part of `live` and `live-resume` that needs Django: an audience, the server, and writers.

`python -m benchmarks.parts.live_club prepare|serve|publish|write|written …`, on DATABASE_URL.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from dataclasses import dataclass
from typing import ClassVar

EACH = 30  # connections of one member


def prepare(count: str, topics: str) -> None:
    """Print the tokens of as many site admins as so many connections need, and the topics."""
    from django.core.management import call_command

    from codetrack.accounts import services
    from codetrack.accounts.models import Institute, User

    call_command("migrate", verbosity=0)
    names = range(int(topics))
    Institute.objects.bulk_create(Institute(name=str(it), slug=f"i{it}") for it in names)
    tokens = []
    for number in range(-(-int(count) // EACH)):
        name = f"admin{number}"
        user = User(username=name, email=f"{name}@example.org", is_superuser=True)
        user.save()
        tokens.append(services.create_token(owner=user, name="bench", may_write=False)[1])
    pks = Institute.objects.order_by("pk").values_list("pk", flat=True)
    print(json.dumps({"tokens": tokens, "topics": [f"admins:{pk}" for pk in pks]}))


def serve(port: str) -> None:
    """What `codetrack up` serves, without its jobs."""
    import uvicorn
    from django.conf import settings

    from codetrack.config.asgi import application
    from codetrack.config.embedded import server_config

    settings.LIVE_CONNECTIONS = 10_000
    config = server_config(application)
    config.port, config.backlog = int(port), 4_096
    uvicorn.Server(config).run()


def publish(topic: str, times: str, pause: str) -> None:
    """One event after the other, each with the moment at which it happened."""
    from django.db import transaction

    from codetrack.core import events

    @dataclass(frozen=True, kw_only=True)
    class Broadcast(events.Payload):
        tag: ClassVar[str] = "bench:thing:happened"
        at: int

    for _ in range(int(times)):
        with transaction.atomic():
            events.record(Broadcast(at=time.monotonic_ns()), topics=[topic])
        time.sleep(float(pause))


def write(seconds: str, rate: str, first: str, count: str) -> None:
    """So many events a second on topics at random, some in each transaction, which take a while."""
    from django.db import transaction

    from codetrack.core import events

    @dataclass(frozen=True, kw_only=True)
    class Written(events.Payload):
        tag: ClassVar[str] = "bench:thing:written"

    topics = range(int(first), int(first) + int(count))
    begin, written = time.monotonic(), 0
    while (now := time.monotonic() - begin) < float(seconds):
        if written > now * float(rate):
            time.sleep(0.005)
            continue
        with transaction.atomic():
            for _ in range(random.randint(1, 4)):
                events.record(Written(), topics=[f"admins:{random.choice(topics)}"])
                written += 1
            if os.environ["DATABASE_URL"].startswith("postgres"):
                time.sleep(random.random() / 50)  # so that commits overtake each other


def written() -> None:
    """Print the places of what was written, by topic."""
    from codetrack.core.models import Event

    places: dict[str, list[int]] = {}
    for seq, topics in Event.objects.order_by("seq").values_list("seq", "topics"):
        places.setdefault(topics[0] if topics else "", []).append(seq or 0)
    print(json.dumps(places))


def main() -> None:
    os.environ |= {
        "SECRET_KEY": "only-for-benchmarks",
        "DJANGO_SETTINGS_MODULE": "codetrack.config.settings",
    }
    import django

    django.setup()
    name, *arguments = sys.argv[1:]
    globals()[name](*arguments)


if __name__ == "__main__":
    main()
