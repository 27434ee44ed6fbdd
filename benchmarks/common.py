"""What benchmarks share: rivals in a venv of their own, throw-away databases, the last line."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
RIVALS = ROOT / "var" / "bench"


def rival_python(name: str, *requirements: str) -> Path | None:
    """The interpreter of a venv with these packages; None, and a word, if they cannot be had."""
    folder = RIVALS / name
    python, complete = folder / "bin" / "python", folder / "complete"
    if not complete.exists():
        print(f"Installing {', '.join(requirements)} into var/bench/{name}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [str(python), "-m", "pip", "install", "-qq", *requirements]
        if subprocess.run(install, check=False).returncode:
            return None
        complete.touch()
    return python


def system_package(name: str, library: str) -> bool:
    """Is this library there? Root on Debian installs its package first if it is not."""
    if not _loads(library) and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {name}", flush=True)
        install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", name]
        subprocess.run(install, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return _loads(library)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The URL of an empty database ("sqlite" or "postgresql") that waits for the disk."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="codetrack-bench-") as folder:
            yield f"sqlite:///{folder}/bench.sqlite3"
        return
    # The tests' server is careless with the disk; in a measurement that would be cheating.
    postgres.OPTIONS |= {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
    with postgres.Server() as server:
        yield server.url


def no_judge() -> str:
    """Why no sandbox can be made here; empty where one can."""
    from codetrack.judge.client import Judge
    from codetrack.judge.errors import Refused

    with Judge() as judge:
        try:
            judge.ready()
        except Refused as error:
            return str(error)
    return ""


def last_line(name: str, figures: str, baseline: str, goal: str, *, met: bool) -> int:
    """Print what a benchmark found; return its exit code, which is 0 either way."""
    print(f"{name}: {figures} vs {baseline} goal {goal} {'ok' if met else 'SHORT'}", flush=True)
    return 0


def skipped(name: str, why: str) -> int:
    print(f"{name}: skipped, {why}", flush=True)
    return 0
