"""What of this machine no attack may reach: canaries laid out to be found, and what is watched."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

MARK = "codetrack-attack"  # in every name that our programs make
CANARY = "codetrack-canary"  # in every name that is made here
KEY = "c0de7ac"  # of all they ask for from System V, without leading zeros
ENVIRONMENT = "CODETRACK_CANARY"
WATCHED_FILES = ("/etc/passwd", "/etc/shadow", "/etc/hosts", "/usr/bin/env", "/etc/ld.so.preload")
WATCHED_FOLDERS = (
    *("/", "/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/dev", "/etc", "/usr", "/usr/bin"),  # noqa: S108
    *("/usr/local", "/home", "/root", "/run", "/var", "/var/log", "/opt", "/mnt"),
)
HOME = os.environ.get("HOME", "")
KERNEL = (
    *("kernel/hostname", "kernel/domainname", "kernel/core_pattern", "vm/overcommit_memory"),
    *("user/max_user_namespaces", "fs/file-max"),
)
LONG_LINE = 20  # characters of a line that can only come from one file
CLOCK_SECONDS = 5
MOST_FILES_LOST = 10_000
GRACE_SECONDS = 3.0
State = dict[str, object]


class Worker(Protocol):
    """What is known of the worker that is attacked."""

    uid: int
    folder: str


class Host:
    """Lays out canaries, files that hold a word nobody else knows, and sees whether all is as it
    was. Give it the worker once there is one."""

    def __init__(self) -> None:
        self.word = f"canary-{secrets.token_hex(16)}"
        self._stack = ExitStack()
        self._worker: Worker | None = None
        self._canaries: list[Path] = []

    def __enter__(self) -> Self:
        made = self._stack.enter_context(tempfile.TemporaryDirectory(prefix=f"{CANARY}-"))
        self.folder = Path(made)
        self.folder.chmod(0o755)  # so that only the sandbox is in the way
        self.hidden = self._plant(self.folder / "secret.ans")
        for place in ("/dev/shm", HOME, os.environ.get("CODETRACK_DATA", "")):  # noqa: S108
            with suppress(OSError):
                if place:
                    self._plant(Path(place, f".{CANARY}-{self.word[-8:]}"))
        self._listening = self._stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self._listening.setblocking(False)
        os.environ[ENVIRONMENT] = self.word
        self._stack.callback(os.environ.pop, ENVIRONMENT, None)
        self._lines = list(_long_lines())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _plant(self, path: Path) -> Path:
        path.write_text(f"{self.word}\n")
        path.chmod(0o644)
        self._stack.callback(path.unlink, missing_ok=True)
        self._canaries.append(path)
        return path

    def meet(self, worker: Worker) -> None:
        """From now on this worker is the one that is watched; its folder gets a canary too."""
        self._worker = worker
        with suppress(OSError):
            self._plant(Path(worker.folder) / CANARY)

    @property
    def port(self) -> int:
        """Where somebody listens whom nobody may reach."""
        return int(self._listening.getsockname()[1])

    @property
    def places(self) -> list[str]:
        """What programs are told to read: the canaries, their folders, and this process."""
        paths = [path for canary in self._canaries for path in (canary, canary.parent)]
        return [*map(str, paths), f"/proc/{os.getpid()}/environ", f"/proc/{os.getpid()}/cwd"]

    def leaks(self, text: str) -> Iterator[str]:
        """What of this machine's secrets is in a text."""
        if self.word in text:
            yield "the word of a canary file came out"
        for path, line in self._lines:
            if line in text:
                yield f"a line of {path} came out"

    # --- what is watched

    def state(self) -> State:
        """All that has to be the same afterwards, by a name for people."""
        found: State = {f"the file {path}": _file(path) for path in self._files()}
        found |= {f"the kernel's {name}": _text(f"/proc/sys/{name}") for name in KERNEL}
        found["the mounts"] = _text("/proc/self/mountinfo")
        found["the clock"] = time.time() - time.monotonic()
        found["the number of free files"] = os.statvfs("/tmp").f_ffree  # noqa: S108
        found["the folders"] = sorted(self._names())
        found["what processes share"] = sorted(self._shared())
        found["who called at a port"] = self._called()
        return found

    def changes(self, before: State) -> Iterator[str]:
        """What is not as it was."""
        after = self.state()
        for name, value in before.items():
            if not _alike(name, value, after.get(name)):
                yield f"{name} changed" + _new(value, after.get(name))

    def _files(self) -> Iterator[Path]:
        yield from map(Path, WATCHED_FILES)
        yield from self._canaries
        yield from (
            path
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and not path.is_symlink()
        )

    def _names(self) -> Iterator[str]:
        for folder in (*WATCHED_FOLDERS, HOME, *self._work()):
            with suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    if MARK in entry.name or folder in self._work() or self._is_theirs(entry):
                        yield entry.path

    def _work(self) -> list[str]:
        return [str(Path(self._worker.folder, "work"))] if self._worker else []

    def _is_theirs(self, entry: os.DirEntry[str]) -> bool:
        """Where the worker has a user id of its own, whatever that owns is new."""
        with suppress(OSError):
            return self._own_uid() == entry.stat(follow_symlinks=False).st_uid
        return False

    def _own_uid(self) -> int | None:
        if self._worker is None or self._worker.uid == os.geteuid():
            return None
        return self._worker.uid

    def _shared(self) -> Iterator[str]:
        for kind in ("shm", "msg", "sem"):
            for line in _text(f"/proc/sysvipc/{kind}").splitlines()[1:]:
                fields = line.split()
                if f"{int(fields[0]) & 0xFFFFFFFF:x}" == KEY or str(self._own_uid()) in fields[2:]:
                    yield f"{kind} {fields[1]}"
        yield from (line for line in _text("/proc/keys").splitlines() if MARK in line)

    def _called(self) -> int:
        with suppress(BlockingIOError):
            self._listening.accept()[0].close()
            return 1
        return 0

    # --- who is left

    def left(self, pid: int | None) -> list[str]:
        """Processes that an attack has left: below the worker, or its user's. They get a moment."""
        end = time.monotonic() + GRACE_SECONDS
        while (found := list(self._left(pid))) and time.monotonic() < end:
            time.sleep(0.02)
        return found

    def _left(self, worker: int | None) -> Iterator[str]:
        parents = dict(_processes())
        ours = {0, 1, *_line(os.getpid(), parents)}
        for pid in parents.keys() - {worker}:
            line = list(_line(pid, parents))
            if worker in line or (self._owns(pid) and self._orphaned(line, parents, ours)):
                yield f"{pid} {_text(f'/proc/{pid}/comm').strip()}"

    def _orphaned(self, line: list[int], parents: dict[int, int], ours: set[int]) -> bool:
        """Has nobody but the system above it: another judge may have been given the same user."""
        highest = [pid for pid in line if self._owns(pid)][-1:]
        return all(parents[pid] in ours for pid in highest)

    def _owns(self, pid: int) -> bool:
        own = self._own_uid()
        with suppress(OSError):
            return own is not None and Path(f"/proc/{pid}").stat().st_uid == own
        return False


def _processes() -> Iterator[tuple[int, int]]:
    """Everybody's number, and their parent's."""
    for path in Path("/proc").iterdir():
        if path.name.isdigit() and (text := _text(path / "stat")):
            yield int(path.name), int(text[text.rindex(")") + 2 :].split()[1])


def _line(pid: int, parents: dict[int, int]) -> Iterator[int]:
    """It, its parent, and so on."""
    while pid in parents:
        yield pid
        pid = parents[pid]


def _long_lines() -> Iterator[tuple[str, str]]:
    for path in ("/etc/passwd", "/etc/shadow"):
        for line in _text(path).splitlines():
            if len(line) > LONG_LINE:
                yield path, line


def _file(path: Path) -> object:
    try:
        state = path.lstat()
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return error.errno
    return digest, state.st_mode, state.st_uid, state.st_mtime_ns, state.st_ino


def _text(path: str | Path) -> str:
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""


def _alike(name: str, before: object, after: object) -> bool:
    if isinstance(before, float) and isinstance(after, float):
        return abs(after - before) < CLOCK_SECONDS
    if name == "the number of free files" and isinstance(before, int) and isinstance(after, int):
        return before - after < MOST_FILES_LOST
    if isinstance(before, list) and isinstance(after, list):
        return set(after) <= set(before)  # others on this machine tidy up meanwhile
    return before == after


def _new(before: object, after: object) -> str:
    if isinstance(before, list) and isinstance(after, list):
        return f": {', '.join(str(item) for item in after if item not in before)}"
    return ""
