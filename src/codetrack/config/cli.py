"""The command `codetrack`: reads its arguments, starts what they name, and says errors plainly."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from codetrack import __version__
from codetrack.config import env
from codetrack.config.start import (
    Refused,
    check_data_folder,
    check_migrated,
    check_settings,
    keep_private,
    use_settings,
)

BAD_START = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code; 2 when it could not start."""
    parser = _parser()
    arguments, others = parser.parse_known_args(argv)
    if others and arguments.run not in TAKES_ANY_OPTION:
        parser.error(f"unknown: {' '.join(others)}")
    arguments.options = others
    try:
        if arguments.run not in CHANGES_NOTHING:
            keep_private(env.data_folder())
        return int(arguments.run(arguments) or 0)
    except (env.BadSetting, Refused) as error:
        print(f"codetrack: {error}", file=sys.stderr)
        return BAD_START


def manage(argv: Sequence[str]) -> int:
    """What `manage.py` does: Django's own commands, with our settings."""
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "codetrack.config.settings")
    try:
        keep_private(env.data_folder())
        check_data_folder(env.data_folder())
        execute_from_command_line(list(argv))
    except (env.BadSetting, Refused) as error:
        print(f"manage.py: {error}", file=sys.stderr)
        return BAD_START
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="codetrack", description="The home of a coding club.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, run: object, told: str, helps: bool = True) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=told, description=told, add_help=helps)
        command.set_defaults(run=run)
        return command

    add("up", _up, "Start a real club: pages, sockets and jobs in one process.")
    add("demo", _demo, "Start a pretend club in a pretend outside world, to look around.")
    add("web", _web, "Serve pages by Gunicorn, whose options it takes; jobs run in a `worker`.")
    add("live", _live, "Serve sockets by Gunicorn, beside `web`; it takes Gunicorn's options, too.")
    worker = add("worker", _worker, "Run jobs in a process of their own.")
    worker.add_argument("--queues", metavar="NAME,NAME", help="only these; all without it")
    worker.add_argument("--threads", type=int, help="jobs of one queue at a time")
    add("doctor", _doctor, "Say what is there, what is missing, and how to mend it.")
    judge = add("judge", _judge, "Judge without a club: `doctor`, `run`, `attack`.", helps=False)
    judge.add_argument("words", nargs=argparse.REMAINDER)
    django = add("manage", _manage, "Run a command of Django, like `codetrack manage migrate`.")
    django.add_argument("command", nargs=argparse.REMAINDER)
    return parser


def _up(arguments: argparse.Namespace) -> None:
    from codetrack.config import embedded

    embedded.up()


def _demo(arguments: argparse.Namespace) -> None:
    from codetrack.config import demo

    demo.start()


def _web(arguments: argparse.Namespace) -> None:
    options = ["--worker-class=gthread", "--threads=4", *arguments.options]
    _become_gunicorn("codetrack.config.wsgi:application", options)


def _live(arguments: argparse.Namespace) -> None:
    from codetrack.config.machine import allow_open_files
    from codetrack.live.limits import LONGEST

    use_settings()
    from django.conf import settings

    allow_open_files(settings.LIVE_CONNECTIONS)
    options = [
        "--worker-class=codetrack.config.gunicorn.LiveWorker",
        f"--websocket-max-message-size={LONGEST}",
        "--graceful-timeout=10",
        *arguments.options,
    ]
    _become_gunicorn("codetrack.config.asgi:live", options)


def _become_gunicorn(application: str, options: Sequence[str]) -> None:
    """Gunicorn's own WEB_CONCURRENCY and GUNICORN_CMD_ARGS hold too."""
    from importlib.util import find_spec

    if find_spec("gunicorn") is None:
        raise Refused("Gunicorn is not installed: install codetrack-club[gunicorn].")
    use_settings()
    check_settings()
    check_migrated()
    host, port = env.bind()
    gunicorn = [sys.executable, "-m", "gunicorn", f"--bind={host}:{port}", *options]
    os.execv(sys.executable, [*gunicorn, application])  # noqa: S606


def _worker(arguments: argparse.Namespace) -> None:
    from codetrack.config.embedded import leave_when_told

    leave_when_told()
    use_settings()
    from django.conf import settings

    from codetrack.config.work import Work

    queues = arguments.queues.split(",") if arguments.queues else settings.JOB_QUEUES
    if unknown := set(queues) - set(settings.JOB_QUEUES):
        raise Refused(
            f"There is no queue {', '.join(sorted(unknown))}; "
            f"there are {', '.join(settings.JOB_QUEUES)}."
        )
    check_migrated()
    print(f"Running jobs of {', '.join(queues)}. Stop with Ctrl+C.", flush=True)
    Work(queues, threads=arguments.threads).run()


def _judge(arguments: argparse.Namespace) -> int:
    """Knows neither the data folder nor the settings of a club."""
    from codetrack.judge import cli

    return cli.main([*arguments.options, *arguments.words])


def _doctor(arguments: argparse.Namespace) -> int:
    from codetrack.config import doctor

    return doctor.examine()


def _manage(arguments: argparse.Namespace) -> int:
    return manage(["codetrack manage", *arguments.command])


#: Those options are of the program behind it.
TAKES_ANY_OPTION = (_web, _live, _judge)
CHANGES_NOTHING = (_doctor, _judge)


if __name__ == "__main__":
    sys.exit(main())
