"""One side of `benchmarks/jobs.py`: the same two tasks on our backend or on django-tasks-db.

`python -c "import noop; noop.main()" prepare|fill N|trickle N|work`, run by the Python of that
side; SIDE, DATABASE and OUT come from the environment. It imports nothing that a rival lacks.
"""

import os
import random
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.tasks import task

OURS = os.environ["SIDE"] == "ours"
BACKENDS = {
    True: {
        "BACKEND": "codetrack.core.jobs.backend.LeaseBackend",
        "QUEUES": ["default", "mail"],  # core has mails to send
        "OPTIONS": {"batch": {"default": 10}},
    },
    False: {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]},
}


def databases(url: str) -> dict[str, Any]:
    """The same options for both sides: those of CodeTrack's own settings."""
    parts = urlsplit(url)
    common = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    if parts.scheme == "sqlite":
        options = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
        name = parts.path.removeprefix("/")
        engine = "django.db.backends.sqlite3"
        return {"default": common | {"ENGINE": engine, "NAME": "/" + name, "OPTIONS": options}}
    return {
        "default": common
        | {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.removeprefix("/"),
            "USER": parts.username,
            "PASSWORD": parts.password,
            "HOST": parts.hostname,
            "PORT": parts.port,
        }
    }


settings.configure(
    DATABASES=databases(os.environ["DATABASE"]),
    INSTALLED_APPS=["codetrack.core" if OURS else "django_tasks_db"],
    TASKS={"default": BACKENDS[OURS]},
    JOB_QUEUES=["default"],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    PLATFORMS={},
    MAIL_URL="",
)
django.setup()


@task
def nothing() -> None:
    pass


@task
def stamp(sent: float) -> None:
    """Write down how many milliseconds lie between sending and starting."""
    with open(os.environ["OUT"], "a") as out:  # noqa: PTH123
        out.write(f"{(time.time() - sent) * 1000}\n")


def main() -> None:
    command, *numbers = sys.argv[1:]
    if command == "prepare":
        call_command("migrate", verbosity=0)
    elif command == "fill":
        for _ in range(int(numbers[0])):
            nothing.enqueue()
    elif command == "trickle":
        gaps = random.Random(1)
        for _ in range(int(numbers[0])):
            time.sleep(gaps.uniform(0.05, 0.2))
            stamp.enqueue(time.time())
    elif OURS:
        from codetrack.core.jobs import schedule
        from codetrack.core.jobs.worker import Worker

        schedule.periodic.clear()
        Worker(["default"], threads=1).run()
    else:
        call_command("db_worker", verbosity=0)
