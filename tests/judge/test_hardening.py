"""Holes that were found in the sandbox, each tried by a program of ours; all of them are closed."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from codetrack.judge.client import Judge
from codetrack.judge.errors import BadProblem, Fault
from codetrack.judge.values import (
    MIB,
    Data,
    Group,
    Limits,
    Problem,
    Profile,
    Result,
    Spec,
    Submission,
    Test,
    Verdict,
)
from codetrack.judge.wire import HEAD, Channel, Compiled, Ran
from tests.core.waiting import until

LIMIT, LITTLE_MORE = 64 * MIB, 224 * MIB
START = """
import ctypes, mmap, os, socket, threading, time
C = ctypes.CDLL(None, use_errno=True)
C.mmap.restype = ctypes.c_void_p
C.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
C.syscall.argtypes = [ctypes.c_long] * 6
MIB, FAILED = 2**20, 2**64 - 1
"""


def run(
    judge: Judge, code: str, *, profile: Profile = Profile.RUN_ALONE, out: Path | None = None
) -> Result:
    limits = Limits(cpu=1.5, wall=60.0, memory=LIMIT, address_space=False, files=256, processes=64)
    argv = ("/usr/bin/python3", "-I", "-c", START + code)
    return judge.run(Spec(argv=argv, limits=limits, profile=profile, out=out))


def said(result: Result) -> str:
    return result.stdout.read().decode().strip() + result.stderr.read().decode()


@pytest.mark.parametrize("flags", [0x21, 0x23, 0x40022], ids=["shared", "validated", "huge"])
def test_memory_that_stays_when_nobody_shows_it_cannot_be_had(judge: Judge, flags: int) -> None:
    code = f"print(C.mmap(None, MIB, 3, {flags}, -1, 0) == FAILED)"
    for profile in Profile:
        assert said(run(judge, code, profile=profile)) == "True"


def test_devices_that_hold_memory_are_not_there(judge: Judge) -> None:
    result = run(judge, "print(*sorted(os.listdir('/dev')))")
    there = said(result).split()
    assert there == ["fd", "full", "null", "random", "shm", "stderr", "stdin", "stdout", "urandom"]


def test_tables_of_pages_count_as_memory(judge: Judge) -> None:
    code = """
count = 100_000
start = C.mmap(None, count * 2 * MIB, 1, 0x4022, -1, 0)
for place in range(count):
    ctypes.c_char.from_address(start + place * 2 * MIB).value
"""
    result = run(judge, code)
    assert result.verdict is Verdict.MLE
    assert result.memory < LITTLE_MORE


def test_memory_counts_when_the_first_thread_has_ended(judge: Judge) -> None:
    code = """
def work():
    time.sleep(0.05)
    held = [bytearray(b"x") * (8 * MIB) for _ in range(100)]
    os._exit(len(held))
threading.Thread(target=work).start()
C.syscall(60 if os.uname().machine == "x86_64" else 93, 0, 0, 0, 0, 0)
"""
    result = run(judge, code)
    assert result.verdict is Verdict.MLE
    assert result.memory < LITTLE_MORE


def test_files_in_shared_memory_are_counted(judge: Judge) -> None:
    code = "for n in range(10**6): os.close(os.open(f'/dev/shm/{n}', os.O_CREAT))"
    result = run(judge, code)
    assert (result.verdict, result.message) == (Verdict.OLE, "It made too many files.")


def test_what_lies_in_sockets_is_memory(judge: Judge) -> None:
    code = """
pairs = []
for _ in range(120):
    pairs.append(socket.socketpair())
    for end in pairs[-1]:
        end.setblocking(False)
        try:
            while end.send(bytes(32768)): pass
        except BlockingIOError: pass
time.sleep(0.2)
"""
    assert run(judge, code).verdict is Verdict.MLE


def test_file_that_is_only_mapped_takes_room(judge: Judge, shared: Path) -> None:
    out = shared / "out"
    out.mkdir()
    shared.chmod(0o755)
    out.chmod(0o777)
    code = """
for _ in range(20):
    file = os.open("/out/file", os.O_CREAT | os.O_RDWR)
    for _ in range(16): os.write(file, bytes(MIB))
    C.mmap(None, 4096, 1, 1, file, 0)
    os.unlink("/out/file")
    os.close(file)
    time.sleep(0.01)
"""
    result = run(judge, code, out=out)
    assert (result.verdict, result.message) == (Verdict.OLE, "It wrote too much into its folder.")


CALLS = {
    "buffers of sockets": "socket.socketpair()[0].setsockopt(1, 7, 2**20)",
    "to outlive one's parent": "C.prctl(1, 0, 0, 0, 0)",
    "to hide from the judge": "C.prctl(4, 0, 0, 0, 0)",
    "a table of the kernel's": "C.prctl(78, 1, ctypes.c_ulong(2**24), 0, 0)",
    "rules of the kernel's": "C.syscall(444, 0, 0, 1, 0, 0)",
    "a thread with files of its own": "C.syscall(CLONE, 0x10900, 0, 0, 0, 0)",
}


@pytest.mark.parametrize("call", CALLS)
def test_call_that_costs_or_hides_is_denied(judge: Judge, call: str) -> None:
    code = f"""
CLONE = 56 if os.uname().machine == "x86_64" else 220
try: print({CALLS[call]})
except OSError: print(-1)
"""
    assert said(run(judge, code)) == "-1"


@pytest.mark.parametrize("file", ["1/mem", "self/mem", "self/oom_score_adj"])
def test_nothing_in_proc_can_be_written(judge: Judge, file: str) -> None:
    code = f"""
try: print(os.open("/proc/{file}", os.O_RDWR))
except OSError as error: print(error.strerror)
"""
    for profile in Profile:
        assert said(run(judge, code, profile=profile)) == "Read-only file system"


def test_runtimes_may_still_name_their_threads_and_their_memory(judge: Judge) -> None:
    code = """
print(C.prctl(15, b"name", 0, 0, 0), C.prctl(38, 1, 0, 0, 0))
with socket.socketpair()[0] as end, open("/dev/urandom", "rb") as file: print(len(file.read(8)))
"""
    assert said(run(judge, code)).split() == ["0", "0", "8"]


# --- the end of a worker


def running(name: str) -> list[str]:
    """The command lines of all processes of this machine that have this word in it."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            found.append((path / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return [told for told in found if name in told]


@pytest.mark.parametrize("killed", ["worker", "group"])
def test_sandbox_that_waits_does_not_start_when_its_worker_is_killed(
    judge: Judge, killed: str
) -> None:
    judge.ready()  # it waits meanwhile: only one works at a time
    name = f"main{secrets.token_hex(8)}.py"
    tests = tuple(Test(name=str(number), input=Data(b"")) for number in range(2))
    problem = Problem(groups=(Group(name="all", tests=tests),), limits=Limits(cpu=5.0))
    submission = Submission("python3", {name: b"import time\ntime.sleep(60)\n"})
    with Judge() as other:
        other.ready()
        assert other.pid is not None
        pid, kill = other.pid, os.kill if killed == "worker" else os.killpg

        def kill_it() -> None:
            until(lambda: bool(running(name)))
            time.sleep(0.5)  # by now the second sandbox waits, too
            kill(pid, signal.SIGKILL)

        killer = threading.Thread(target=kill_it)
        killer.start()
        with pytest.raises(Fault):
            other.judge(problem, submission)
        killer.join()
    until(lambda: not running(name), told=lambda: running(name))


# --- the wire: neither end trusts the other


@pytest.fixture
def wire_() -> Iterator[tuple[Channel, socket.socket]]:
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    with theirs:
        yield channel, theirs
        channel.close()


RESULT = b'{"type":"Ran","result":{"verdict":"OK","stdout":%s,"stderr":%s}}'


@pytest.mark.parametrize(
    "body",
    [
        b"x",
        b'{"type":"Forgotten"}',
        b'{"type":"Compiled","text":5}',
        RESULT % (b"0", b"7"),  # there is one file
        RESULT % (b"0", b"0"),  # and it is given away once
        RESULT % (b"[]", b"0"),
    ],
)
def test_nonsense_on_the_wire_is_the_end_of_it(
    wire_: tuple[Channel, socket.socket], body: bytes
) -> None:
    channel, end = wire_
    before = len(list(Path("/proc/self/fd").iterdir()))
    end.sendall(HEAD.pack(len(body), 1) + body)
    socket.send_fds(end, [b"f"], [0])
    with pytest.raises(ConnectionError, match="no message"):
        channel.receive(Ran | Compiled)  # type: ignore[arg-type] # a union
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize(("size", "count"), [(2**32 - 1, 0), (2, 2**32 - 1)])
def test_message_without_measure_is_not_read(
    wire_: tuple[Channel, socket.socket], size: int, count: int
) -> None:
    channel, end = wire_
    end.sendall(HEAD.pack(size, count))
    with pytest.raises(ConnectionError, match="too large"):
        channel.receive(Compiled)


def test_name_that_is_no_text_is_the_senders_fault(judge: Judge) -> None:
    submission = Submission("python3", {"\ud800.py": b""})
    with pytest.raises(BadProblem, match="cannot be told"):
        judge.compile(submission)
