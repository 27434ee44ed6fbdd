"""One run in a real sandbox: what a program may do, what it costs, how it ends."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from codetrack.judge.client import Judge
from codetrack.judge.errors import Fault
from codetrack.judge.values import KIB, MIB, Data, Limits, Profile, Result, Spec, Verdict

PYTHON = ("/usr/bin/python3", "-I", "-c")


def python(
    code: str, *, profile: Profile = Profile.RUN, stdin: bytes = b"", **limits: float
) -> Spec:
    return Spec(
        argv=(*PYTHON, code),
        stdin=Data(stdin),
        profile=profile,
        limits=Limits(**{"cpu": 1.0, "wall": 60.0, "memory": 64 * MIB, **limits}),  # type: ignore[arg-type]
    )


def said(result: Result) -> str:
    return result.stdout.read().decode().strip()


def test_program_reads_and_writes(judge: Judge) -> None:
    result = judge.run(python("print(int(input()) + 1)", stdin=b"41\n"))
    assert (result.verdict, said(result), result.exit_code) == (Verdict.OK, "42", 0)
    assert 0 < result.cpu < 1 and MIB < result.memory < 64 * MIB


def test_exit_code_is_told(judge: Judge) -> None:
    result = judge.run(python("raise SystemExit(3)"))
    assert (result.verdict, result.exit_code, result.signal) == (Verdict.RE, 3, None)
    assert "exit code 3" in result.message


def test_signal_is_told_in_plain_words(judge: Judge) -> None:
    result = judge.run(python("import os; os.abort()"))
    assert (result.verdict, result.signal) == (Verdict.RE, 6)
    assert "SIGABRT" in result.message


def test_busy_loop_meets_the_cpu_limit(judge: Judge) -> None:
    result = judge.run(python("while True: pass", cpu=0.3))
    assert (result.verdict, result.idle) == (Verdict.TLE, False)
    assert 0.3 <= result.cpu < 0.6


def test_sleeper_is_called_idle(judge: Judge) -> None:
    result = judge.run(python("import time; time.sleep(60)", cpu=0.2, wall=0.5))
    assert (result.verdict, result.idle) == (Verdict.TLE, True)


def test_children_count_together(judge: Judge) -> None:
    code = (
        "import os, time\nfor _ in range(4):\n  if not os.fork():\n    while True: pass\n"
        "time.sleep(9)"
    )
    result = judge.run(python(code, cpu=0.4, wall=60.0))
    assert (result.verdict, result.idle) == (Verdict.TLE, False)
    assert result.wall < 9, "it did not wait for the first one to wake up"


def test_cpu_of_what_was_reaped_counts(judge: Judge) -> None:
    code = (
        "import os, time\nwhile True:\n  if not os.fork():\n"
        "    end = time.process_time() + 0.05\n    while time.process_time() < end: pass\n"
        "    os._exit(0)\n  os.wait()"
    )
    result = judge.run(python(code, cpu=0.3, wall=60.0))
    assert (result.verdict, result.idle) == (Verdict.TLE, False)


def test_greedy_program_meets_the_memory_limit(judge: Judge) -> None:
    code = "held = []\nwhile True: held.append(bytes(1_000_000))"
    result = judge.run(python(code, address_space=False))
    assert result.verdict == Verdict.MLE
    assert 64 * MIB < result.memory < 128 * MIB


def test_refused_memory_near_the_limit_is_a_memory_verdict(judge: Judge) -> None:
    code = "held = []\nwhile True: held.append(b'x' * 1_000_000)"
    assert judge.run(python(code)).verdict == Verdict.MLE


def test_memory_of_children_counts_together(judge: Judge) -> None:
    code = (
        "import os, time\nfor _ in range(6):\n  if not os.fork():\n"
        "    held = bytearray(os.urandom(1)) * 20_000_000\n    time.sleep(9)\ntime.sleep(9)"
    )
    result = judge.run(python(code, wall=60.0, memory=80 * MIB))
    assert result.verdict == Verdict.MLE and result.wall < 9


def test_shared_pages_count_once(judge: Judge) -> None:
    code = (
        "import os, time\nheld = bytearray(b'x') * 40_000_000\n"
        "for _ in range(4):\n  if not os.fork():\n    time.sleep(0.2)\n    os._exit(0)\n"
        "for _ in range(4): os.wait()"
    )
    assert judge.run(python(code, cpu=2)).verdict == Verdict.OK


def test_files_in_tmp_are_memory_too(judge: Judge) -> None:
    code = "import time\nopen('/tmp/a', 'wb').write(bytes(60_000_000))\ntime.sleep(9)"
    result = judge.run(python(code, output=MIB * 100, memory=48 * MIB, wall=60))
    assert result.verdict == Verdict.MLE


def test_flood_of_files_is_stopped(judge: Judge) -> None:
    code = "i = 0\nwhile True:\n  i += 1\n  open(f'/tmp/{i}', 'w').close()"
    result = judge.run(python(code, cpu=5))
    assert result.verdict == Verdict.OLE and "files" in result.message


def test_flood_is_cut_at_the_limit(judge: Judge) -> None:
    result = judge.run(python("while True: print('x' * 1000)", output=10 * KIB))
    assert result.verdict == Verdict.OLE
    assert result.stdout.size <= 10 * KIB + 1


def test_just_as_much_as_allowed_is_allowed(judge: Judge) -> None:
    result = judge.run(python("print('x' * 10239)", output=10 * KIB))
    assert (result.verdict, result.stdout.size) == (Verdict.OK, 10 * KIB)


def test_what_is_left_running_ends_with_the_program(judge: Judge) -> None:
    code = (
        "import os, time\nif not os.fork():\n  os.setsid()\n"
        "  for fd in range(3): os.close(fd)\n  time.sleep(600.25)\ntime.sleep(0.1)\nprint('done')"
    )
    result = judge.run(python(code))
    assert (result.verdict, said(result)) == (Verdict.OK, "done")
    assert processes("time.sleep(600.25)") == set()


def test_nothing_of_this_machine_is_seen(judge: Judge) -> None:
    code = (
        "import os\nfor path in ('/etc/passwd', '/home', '/root', '/var', '/run', '/srv'):\n"
        "  assert not os.path.exists(path), path\n"
        "print(sorted(os.listdir('/')), os.getuid(), os.uname().nodename, len(os.environ))"
    )
    result = judge.run(python(code))
    assert result.verdict == Verdict.OK, result.stderr.read(500)
    assert "'usr'" in said(result) and "65534 box" in said(result)


def test_worker_shows_none_of_its_environment(judge: Judge) -> None:
    code = "print(open('/proc/1/environ').read(), open('/proc/1/cmdline').read())"
    result = judge.run(python(code))
    assert "/home" not in said(result) and "PATH=" not in said(result)


@pytest.mark.parametrize("place", ["/", "/dev", "/usr", "/proc/sys/kernel", "/etc"])
def test_no_place_but_tmp_takes_files(judge: Judge, place: str) -> None:
    code = f"try: open('{place}/canary', 'w')\nexcept OSError: print('refused')"
    assert said(judge.run(python(code))) == "refused"


def test_input_cannot_be_changed(judge: Judge) -> None:
    code = (
        "import os\nfor flags in (os.O_RDWR, os.O_WRONLY | os.O_TRUNC, os.O_RDWR | os.O_APPEND):\n"
        "  try: fd = os.open('/proc/self/fd/0', flags); os.write(fd, b'mine'); print('written')\n"
        "  except OSError: pass\nprint(input())"
    )
    assert said(judge.run(python(code, stdin=b"given\n"))) == "given"


def test_processes_can_be_denied_and_threads_kept(judge: Judge) -> None:
    code = (
        "import os, threading\nspeak = lambda: print('thread', flush=True)\n"
        "thread = threading.Thread(target=speak)\nthread.start(); thread.join()\n"
        "try: os.fork()\nexcept BlockingIOError: print('alone')"
    )
    assert said(judge.run(python(code, profile=Profile.RUN_ALONE))) == "thread\nalone"


def test_number_of_processes_is_limited(judge: Judge) -> None:
    code = (
        "import os, time\nmade = 0\ntry:\n  while True:\n    if not os.fork(): time.sleep(9)\n"
        "    made += 1\nexcept BlockingIOError: print(made)"
    )
    assert 5 < int(said(judge.run(python(code, processes=12)))) < 12


def test_machine_short_of_memory_would_take_it_first(judge: Judge) -> None:
    assert said(judge.run(python("print(open('/proc/self/oom_score_adj').read())"))) == "1000"


def test_folders_come_read_only_and_out_is_writable(judge: Judge, shared: Path) -> None:
    (shared / "box").mkdir()
    (shared / "box" / "given").write_text("text")
    out = shared / "out"
    out.mkdir()
    shared.chmod(0o755)
    out.chmod(0o777)
    code = (
        "print(open('given').read())\n"
        "try: open('/box/new', 'w')\nexcept OSError: print('read only')\n"
        "open('/out/made', 'w').write('by it')"
    )
    spec = Spec(argv=(*PYTHON, code), box=shared / "box", out=out)
    assert said(judge.run(spec)) == "text\nread only"
    assert (out / "made").read_text() == "by it"


def test_files_are_put_where_they_are_wanted(judge: Judge) -> None:
    code = "print(open('/data/input').read(), open('/data/answer').read())"
    spec = Spec(
        argv=(*PYTHON, code),
        files={"/data/input": Data(b"1"), "/data/answer": Data(b"2")},
    )
    assert said(judge.run(spec)) == "1 2"


def test_program_that_is_not_there_is_the_judges_fault(judge: Judge) -> None:
    with pytest.raises(Fault, match="No such file"):
        judge.run(Spec(argv=("/usr/bin/no-such-program",)))


def test_folder_that_is_not_there_is_the_judges_fault(judge: Judge) -> None:
    with pytest.raises(Fault, match="find source path"):
        judge.run(Spec(argv=("/usr/bin/true",), box=Path("/nowhere")))


def test_memory_of_the_asker_is_not_counted(judge: Judge) -> None:
    held = bytearray(200 * MIB)
    assert judge.run(Spec(argv=("/usr/bin/true",))).memory < 4 * MIB
    assert len(held) == 200 * MIB


def test_big_input_arrives_whole(judge: Judge) -> None:
    content = os.urandom(MIB) * 40
    code = "import sys, hashlib; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())"
    result = judge.run(python(code, stdin=content, memory=256 * MIB))
    assert said(result) == hashlib.sha256(content).hexdigest()


def processes(word: str) -> set[int]:
    """All of this machine that have `word` in their command."""
    found = {path.name for path in Path("/proc").iterdir() if path.name.isdigit()}
    return {int(pid) for pid in found if word in _what(pid)}


def _what(pid: str) -> str:
    try:
        return Path("/proc", pid, "cmdline").read_text()
    except OSError:
        return ""
