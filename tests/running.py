"""Starts `codetrack …` as people do, in a process of its own, and waits for what it says."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from tests.postgres import free_port

START_SECONDS = 300
CODETRACK = [sys.executable, "-m", "codetrack.config.cli"]
OURS = ("CODETRACK_", "DATABASE_URL", "SECRET_KEY", "PORT")


def surroundings(data: Path, **more: str) -> dict[str, str]:
    """The environment without the settings of the tests, and with these.

    Nothing is judged unless a test wants it: a self-test takes seconds.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | {"CODETRACK_DATA": str(data), "CODETRACK_JUDGE_WORKERS": "0"} | more


def run(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself, on this data folder."""
    return subprocess.run(
        [*CODETRACK, *arguments],
        env=surroundings(data, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )


class Club:
    """`with Club(data) as club:` runs `codetrack up` on ports of its own until the block ends."""

    def __init__(
        self,
        data: Path,
        command: str = "up",
        program: Sequence[str] = CODETRACK,
        **environment: str,
    ) -> None:
        self.port = free_port(in_a_row=3)
        self.command = [*program, command]
        self.log = data.with_name(f"{data.name}-{command}.log")
        self.environment = surroundings(data, PORT=str(self.port), **environment)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def told(self) -> str:
        """Everything that it has printed."""
        return self.log.read_text()

    def __enter__(self) -> Self:
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            self.find(r"Stop with Ctrl\+C")
        except BaseException:  # a test that takes too long as well
            self.stop()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def find(self, pattern: str, seconds: float = START_SECONDS) -> str:
        """Wait until it has printed this; the first group, or all that matched."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := re.search(pattern, self.told):
                return found[1] if found.re.groups else found[0]
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"{pattern} was not printed, but:\n{self.told}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit code; who does not listen is killed, and it is told."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return answer.status, answer.read().decode()

    def find_in(self, path: str, pattern: str) -> str:
        """The first group of a pattern in a page."""
        found = re.search(pattern, self.get(path)[1])
        assert found, f"{pattern} is not in {path}"
        return found[1]

    def get_json(self, path: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.get(path)[1])
        return content


def status(url: str) -> int:
    """The status of a page, as soon as somebody answers."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return int(answer.status)
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{url} does not answer")
