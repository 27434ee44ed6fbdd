"""The worker process: who it is, what it leaves behind, what its asker hears of an accident."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from codetrack.judge.client import Judge, _has_ended
from codetrack.judge.errors import Fault, Refused, UnknownLanguage
from codetrack.judge.languages import CompileError
from codetrack.judge.languages import load as load_languages
from codetrack.judge.problems import load
from codetrack.judge.values import (
    MIB,
    Data,
    Group,
    Limits,
    Problem,
    Spec,
    Submission,
    Test,
    TestResult,
    Verdict,
)

PROBLEMS = Path(__file__).with_name("problems")
EXTENSIONS = {key: language.extensions for key, language in load_languages().items()}
#: Of this process: others may have programs sleep, too.
SLEEPER = ("/usr/bin/sleep", f"60.{os.getpid()}")
SLEEP = Spec(argv=SLEEPER, limits=Limits(cpu=30))
ECHO = Submission("python3", {"main.py": b"print(input())"})


def problem(*inputs: bytes, **limits: float) -> Problem:
    tests = tuple(
        Test(name=f"{number:02}", input=Data(text), answer=Data(text))
        for number, text in enumerate(inputs)
    )
    return Problem(
        groups=(Group(name="all", tests=tests, run_all=True),),
        limits=Limits(**{"wall": 60.0, "memory": 64 * MIB, **limits}),  # type: ignore[arg-type]
    )


def test_worker_is_nobody_special(judge: Judge) -> None:
    ready = judge.ready()
    status = Path(f"/proc/{judge.pid}/status").read_text()
    uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
    assert set(uids) == {str(ready.uid)} and ready.uid != 0
    if os.geteuid() == 0:
        capable = next(line for line in status.splitlines() if line.startswith("CapEff:"))
        assert int(capable.split()[1], 16) == 0


def test_worker_is_told_no_secret(monkeypatch: pytest.MonkeyPatch, judge: Judge) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary-of-the-club")
    with Judge() as other:
        other.ready()
        environment = Path(f"/proc/{other.pid}/environ").read_bytes()
    assert b"canary" not in environment and b"PATH=" in environment


def test_each_test_is_told_as_it_is_done(judge: Judge) -> None:
    told: list[TestResult] = []
    judgement = judge.judge(problem(b"one", b"two", b"three"), ECHO, told.append)
    assert judgement.verdict == Verdict.AC
    assert [test.name for test in told] == ["00", "01", "02"]
    assert tuple(told) == judgement.tests


def test_many_files_go_over_the_wire(judge: Judge) -> None:
    """More open ones than one message of the kernel's carries."""
    files = {f"/data/{number}": Data(b"%d" % number) for number in range(450)}
    code = "import os; print(sum(int(open(f'/data/{n}').read()) for n in os.listdir('/data')))"
    result = judge.run(Spec(argv=("/usr/bin/python3", "-I", "-c", code), files=files))
    assert int(result.stdout.read()) == sum(range(450))


def test_data_may_lie_where_the_worker_may_not_go(judge: Judge, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "in").write_bytes(b"from a file")
    test = Test(name="1", input=Data(path=closed / "in"), answer=Data(path=closed / "in"))
    whole = Problem(groups=(Group(name="all", tests=(test,)),))
    assert judge.judge(whole, ECHO).verdict == Verdict.AC


def test_file_that_is_gone_is_an_error_of_the_asker(judge: Judge, tmp_path: Path) -> None:
    test = Test(name="1", input=Data(path=tmp_path / "gone"))
    with pytest.raises(FileNotFoundError):
        judge.judge(Problem(groups=(Group(name="all", tests=(test,)),)), ECHO)
    assert judge.judge(problem(b"next"), ECHO).verdict == Verdict.AC


def test_unknown_language_is_said(judge: Judge) -> None:
    with pytest.raises(UnknownLanguage, match="cobol"):
        judge.compile(Submission("cobol", {"a.cob": b""}))


def test_compile_error_is_said(judge: Judge) -> None:
    with pytest.raises(CompileError, match="SyntaxError"):
        judge.compile(Submission("python3", {"main.py": b"print("}))


def test_killed_worker_is_a_fault_and_the_next_one_works(judge: Judge) -> None:
    with Judge() as other:
        other.ready()
        assert other.pid
        pid = other.pid

        def kill_it() -> None:
            until(sleeps)
            os.kill(pid, signal.SIGKILL)

        killer = threading.Thread(target=kill_it)
        killer.start()
        with pytest.raises(Fault, match="ended or hung"):
            other.run(SLEEP)
        killer.join()
        assert until(lambda: not sleeps())
        assert other.run(Spec(argv=("/usr/bin/true",))).verdict == Verdict.OK


def test_worker_that_ended_while_idle_is_replaced(judge: Judge) -> None:
    with Judge() as other:
        other.ready()
        assert other.pid
        os.kill(other.pid, signal.SIGKILL)
        pid = other.pid
        assert until(lambda: _has_ended(pid))
        assert other.run(Spec(argv=("/usr/bin/true",))).verdict == Verdict.OK


def test_asker_that_goes_takes_worker_and_sandbox_along(judge: Judge) -> None:
    other = Judge()
    other.ready()
    pid = other.pid
    thread = threading.Thread(target=swallow, args=(other,))
    thread.start()
    until(sleeps)
    assert other._channel is not None
    other._channel.end.shutdown(2)
    thread.join(60)
    assert not thread.is_alive()
    assert until(lambda: not sleeps())
    assert pid is not None and gone_process(pid)


def test_nothing_is_imported_once_the_rights_are_gone(
    judge: Judge, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The interpreter's own folder may be closed to the worker's user."""
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    odd = b"import os\nos.write(1, bytes(range(256)))\nos.write(2, b'\\xff\\0')\nraise OSError\n"
    broken = b"print('\xff\xfe\0"
    with Judge() as other:
        other.ready()
        assert "import time" in capfd.readouterr().err
        for folder in ("banner", "postage", "bookmark", "stairs"):
            loaded = load(PROBLEMS / folder, EXTENSIONS)
            for entry in loaded.jury[:3]:
                with suppress(UnknownLanguage):
                    other.judge(loaded.problem, entry.submission)
            other.judge(loaded.problem, Submission("python3", {"main.py": odd}))
            other.judge(loaded.problem, Submission("python3", {"main.py": broken}))
        with pytest.raises(Fault):
            other.run(Spec(argv=("/usr/bin/no-such-program",)))
        assert capfd.readouterr().err == ""


def test_two_workers_have_two_places(judge: Judge) -> None:
    with Judge() as one, Judge() as two:
        folders = {one.ready().folder, two.ready().folder, judge.ready().folder}
        assert len(folders) == 3
        if os.geteuid() == 0:
            assert len({one.ready().uid, two.ready().uid}) == 2


def test_next_worker_clears_what_a_killed_one_left(
    judge: Judge, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.chmod(0o777)
    monkeypatch.setenv("CODETRACK_JUDGE_DIR", str(shared))
    with Judge() as first:
        folder = Path(first.ready().folder)
        assert first.pid
        left = folder / "work" / "compile-left"
        left.mkdir()
        (left / "a.out").write_bytes(b"left")
        os.kill(first.pid, signal.SIGKILL)
    with Judge() as second:
        assert Path(second.ready().folder) == folder
        assert list((folder / "work").iterdir()) == []


def test_next_worker_ends_a_sandbox_that_still_waits(
    judge: Judge, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was ready for the next test, when its worker and the asker were killed at once."""
    shared.chmod(0o777)
    monkeypatch.setenv("CODETRACK_JUDGE_DIR", str(shared))
    first = Judge()
    slow = Submission("python3", {"main.py": b"import time; time.sleep(9)"})
    thread = threading.Thread(target=swallow, args=(first, problem(b"1", b"2", cpu=9), slow))
    first.compile(slow)
    thread.start()
    worker, first._process = first._process, None  # as if nobody were left to look after it
    assert worker is not None
    group = worker.pid
    assert until(lambda: len(sandboxes(group)) >= 3)
    time.sleep(0.5)  # until the second one waits
    worker.kill()
    worker.wait()
    thread.join(60)
    assert until(lambda: len(sandboxes(group)) == 1)
    with Judge() as second:
        second.ready()
        assert until(lambda: sandboxes(group) == [])


def test_refusal_of_the_worker_reaches_its_asker(
    judge: Judge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CODETRACK_JUDGE_DIR", str(tmp_path / "nowhere"))
    with Judge() as other, pytest.raises(Refused, match="CODETRACK_JUDGE_DIR"):
        other.ready()


def swallow(judge: Judge, *asked: Any) -> None:
    with pytest.raises(Fault):
        judge.judge(*asked) if asked else judge.run(SLEEP)


def sandboxes(group: int) -> list[int]:
    """The processes of bubblewrap in this group."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            ours = os.getpgid(int(path.name)) == group
            if ours and (path / "comm").read_text() == "bwrap\n":
                found.append(int(path.name))
    return found


def sleeps() -> bool:
    """Is there a sandbox in which our program sleeps?"""
    return "\0".join((*SLEEPER, "")) in commands()


def gone_process(pid: int) -> bool:
    return until(lambda: not Path(f"/proc/{pid}/cmdline").exists())


def commands() -> list[str]:
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                found.append((path / "cmdline").read_text())
            except OSError:
                continue
    return found


def until(holds: object, seconds: float = 50.0) -> bool:
    assert callable(holds)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False
