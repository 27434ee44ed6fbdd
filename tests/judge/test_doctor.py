"""The self-test: it holds on a judge that is whole, and each hole is seen by its own probe."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from codetrack.judge import doctor
from codetrack.judge.client import Judge
from codetrack.judge.doctor import examination, limits, machine, report, within
from codetrack.judge.doctor.bench import Bench, Probe
from codetrack.judge.doctor.caller import Script, executable
from codetrack.judge.doctor.examination import Diagnosis, Level, canary, examine
from codetrack.judge.errors import Fault, Refused
from codetrack.judge.languages import LanguageState
from codetrack.judge.sandbox import bpf, bwrap
from codetrack.judge.sandbox.syscalls import MACHINES
from codetrack.judge.values import Output, Result, Spec, Verdict, in_memory
from codetrack.judge.wire import Ready
from tests.judge.leaky import Leaky, then, without

HERE = platform.machine()
READY = Ready(uid=1000, level="B", bubblewrap="0.8.0", folder="/tmp/x")
LANGUAGES = (LanguageState(id="c17", name="C17", extensions=(".c",), version="gcc 12"),)


class Patient:
    """A judge that says it is well; what a run gives is up to the test."""

    def __init__(self, run: Callable[[Spec], Result]) -> None:
        self.run = run

    def ready(self) -> Ready:
        return READY

    def languages(self) -> tuple[LanguageState, ...]:
        return LANGUAGES


def ended(verdict: Verdict, written: bytes = b"", **more: float) -> Result:
    return Result(
        verdict=verdict,
        stdout=Output(in_memory(written)),
        stderr=Output(in_memory(b"")),
        **more,  # type: ignore[arg-type]
    )


# --- a judge that is whole


def test_whole_judge_passes_every_probe(judge: Judge) -> None:
    begun = time.monotonic()
    with canary():
        found = examine(judge, languages=False)
    assert time.monotonic() - begun < 60  # 1.3 s where nothing else runs
    assert within.CANARY not in os.environ
    assert [(probe.name, probe.seen) for probe in found.failed] == []
    assert found.level == judge.ready().level
    assert len(found.probes) == 4 + len(within.PLANS) - 1 + len(limits.PROBES)
    assert len({probe.name for probe in found.probes}) == len(found.probes)


def test_bench_leaves_nothing_behind() -> None:
    with Bench(Patient(lambda _: ended(Verdict.OK))) as bench:
        assert bench.box.joinpath("probe").exists()
    assert not bench.folder.exists()


# --- holes that the probes inside must see


@pytest.fixture(scope="module")
def _bubblewrap(request: pytest.FixtureRequest) -> None:
    if not any(Path(place).exists() for place in bwrap.PLACES):
        pytest.skip(f"bubblewrap is not here. {bwrap.INSTALL}")


def failing(leaky: Leaky) -> dict[str, str]:
    with canary(), Bench(leaky) as bench:
        return {probe.name: probe.seen for probe in within.look_around(bench) if not probe.ok}


@pytest.mark.usefixtures("_bubblewrap")
def test_whole_arguments_have_no_hole() -> None:
    assert failing(Leaky()) == {}


def writable_proc(arguments: list[str]) -> list[str]:
    at = arguments.index("--remount-ro")
    assert arguments[at + 1] == "/proc"
    return arguments[:at] + arguments[at + 2 :]


HOLES: dict[str, tuple[Leaky, dict[str, str]]] = {
    "no filter": (
        Leaky(filtered=False),
        {
            "no privileges, filter on": "Seccomp is 0",
            "dangerous calls denied": "clone3",
            "no sockets": "internet, unix, netlink",
            "no process where none is needed": "fork",
        },
    ),
    "network": (Leaky(without("--unshare-net")), {"no network": "lo"}),
    "processes of the machine": (
        Leaky(without("--unshare-pid")),
        {"processes of its own": "The program is process"},
    ),
    "writable": (
        Leaky(lambda arguments: arguments[: -arguments[::-1].index("--remount-ro") - 1]),
        {"read-only but for /tmp": "/, /dev/"},
    ),
    "files of the machine": (
        Leaky(lambda arguments: ["--ro-bind", "/etc", "/etc", *arguments]),
        {"no files of this machine": "/etc/passwd"},
    ),
    "secrets around it": (
        Leaky(env={"SECRET_KEY": "a-secret"}),
        {"no secrets in sight": "the first process's environment"},
    ),
    "secrets inside": (
        Leaky(then("--setenv", "SECRET_KEY", "a-secret")),
        {"no secrets in sight": "SECRET_KEY"},
    ),
    "processes that can be written into": (
        Leaky(writable_proc),
        {"dangerous calls denied": "memory of the first process"},
    ),
    "no folder for temporary files": (
        Leaky(then("--remount-ro", "/tmp")),
        {"read-only but for /tmp": "temporary files"},
    ),
}


@pytest.mark.usefixtures("_bubblewrap")
@pytest.mark.parametrize("hole", HOLES)
def test_hole_is_seen_by_the_probe_for_it(hole: str) -> None:
    leaky, wanted = HOLES[hole]
    seen = failing(leaky)
    for name, part in wanted.items():
        assert part in seen.get(name, ""), seen


@pytest.mark.usefixtures("_bubblewrap")
def test_open_file_of_ours_is_seen(tmp_path: Path) -> None:
    with (tmp_path / "open").open("w") as file:
        seen = failing(Leaky(handed=(file.fileno(),)))
    assert str(file.name) and "Descriptors are open inside" in seen["no open files of ours"]


@pytest.mark.usefixtures("_bubblewrap")
def test_canary_of_our_environment_is_seen() -> None:
    with canary(), Bench(Leaky(then("--setenv", "HOME", os.environ[within.CANARY]))) as bench:
        found = [probe.seen for probe in within.look_around(bench) if not probe.ok]
    assert found == ["Seen inside: our canary."]


@pytest.mark.usefixtures("_bubblewrap")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a sandbox of root's")
def test_sandbox_of_root_is_seen() -> None:
    with Bench(Leaky(as_root=True)) as bench:
        within.look_around(bench)
        found = within.owner(bench)
    assert not found.ok and "root" in found.seen and "ordinary user" in found.remedy


@pytest.mark.usefixtures("_bubblewrap")
def test_folder_that_cannot_be_written_is_seen() -> None:
    with Bench(Leaky(lambda arguments: [*arguments, "--remount-ro", "/out"])) as bench:
        within.look_around(bench)
        assert not within.owner(bench).ok


@pytest.mark.parametrize("written", [b"", b"x" * 100])
def test_program_that_does_not_answer_is_seen(written: bytes) -> None:
    found = examine(Patient(lambda _: ended(Verdict.RE, written)))
    assert found.level is Level.X
    assert [probe.name for probe in found.failed] == ["a sandbox runs"]


def test_answers_of_nothing_but_zeros_pass_no_probe() -> None:
    with Bench(Patient(lambda _: ended(Verdict.OK, bytes(0x20000)))) as bench:
        assert [probe.name for probe in within.look_around(bench) if probe.ok] == ["a sandbox runs"]


# --- limits that do not hold


@pytest.mark.parametrize("test", limits.PROBES, ids=lambda test: test.__name__)
def test_limit_that_does_not_hold_is_seen(test: Callable[[Bench], Probe]) -> None:
    with Bench(Patient(lambda _: ended(Verdict.OK, b"x" * 128, wall=4.0))) as bench:
        found = test(bench)
    assert not found.ok and found.seen and found.remedy


def test_output_beyond_the_limit_is_seen() -> None:
    with Bench(Patient(lambda spec: ended(Verdict.OLE, bytes(spec.limits.output + 2)))) as bench:
        assert "bytes were kept" in limits.output(bench).seen


def test_stop_by_the_clock_proves_nothing_of_the_processor() -> None:
    with Bench(Patient(lambda _: ended(Verdict.TLE, idle=True))) as bench:
        assert not limits.processor(bench).ok


def test_processes_that_could_not_be_made_at_all_prove_nothing() -> None:
    with Bench(Patient(lambda _: ended(Verdict.OK, b"x"))) as bench:
        assert not limits.processes(bench).ok


def test_process_that_lives_on_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    result = ended(Verdict.RE, b"x" * 20, wall=0.1)

    def run(_: Spec) -> Result:
        return result

    def live_on(seconds: float) -> None:
        os.pwrite(result.stdout.fd, b"y", 20)

    monkeypatch.setattr(limits, "time", SimpleNamespace(sleep=live_on))
    with Bench(Patient(run)) as bench:
        assert limits.nothing_left(bench).seen == "A process lived on after its program."


# --- machines that make no sandbox


def refusing(error: Exception) -> Patient:
    def run(_: Spec) -> Result:
        raise error

    return Patient(run)


def settings(folder: Path, **values: str) -> Path:
    for name, value in values.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value + "\n")
    return folder


DENIED = "bwrap: Creating new namespace failed: Operation not permitted"


@pytest.mark.parametrize(
    ("said", "values", "why", "remedy"),
    [
        (DENIED, {"user__max_user_namespaces": "0"}, "max_user_namespaces = 0", "=10000"),
        (DENIED, {"kernel__unprivileged_userns_clone": "0"}, "switched off", "_clone=1"),
        (
            "bwrap: setting up uid map: Permission denied",
            {"kernel__apparmor_restrict_unprivileged_userns": "1"},
            "AppArmor",
            "profile bwrap /usr/bin/bwrap flags=(unconfined) {\n  userns,",
        ),
        (DENIED, {"kernel__unprivileged_userns_clone": "1"}, "container", "seccomp=unconfined"),
        ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", {}, "/proc", "paths"),
        ("bwrap: Can't find source path /x: Permission denied", {}, "/x", "CODETRACK_JUDGE_DIR"),
        ("bwrap: execvp /box/probe: Permission denied", {}, "noexec", "CODETRACK_JUDGE_DIR"),
        ("bwrap: something else", {}, "something else", "--json"),
    ],
)
def test_cases_of_no_sandbox_are_told_apart(
    tmp_path: Path, said: str, values: dict[str, str], why: str, remedy: str
) -> None:
    found = machine.explain(said, settings(tmp_path, **values))
    assert why in found.why and remedy in found.remedy


def test_machine_without_sandboxes_is_level_x(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_read", lambda path: "")
    found = examine(refusing(Fault(f"bubblewrap made no sandbox: {DENIED}")))
    assert (found.level, found.languages) == (Level.X, ())
    assert "container" in found.failed[0].seen and "unconfined" in found.failed[0].remedy


def test_fault_in_the_middle_is_level_x(judge: Judge) -> None:
    def run(spec: Spec) -> Result:
        if spec.limits.wall < 1:
            raise Fault("The limits of a sandbox could not be set.")
        return judge.run(spec)

    found = examine(Patient(run))
    assert found.level is Level.X
    assert [probe.name for probe in found.failed] == ["clock"]


def test_refusal_of_the_worker_is_told_with_its_remedy() -> None:
    class Refusing(Patient):
        def ready(self) -> Ready:
            raise Refused("All work folders are in use.", "Stop some judge workers.")

    found = examine(Refusing(lambda _: ended(Verdict.OK)))
    assert found.level is Level.X
    assert found.failed[0].seen == "All work folders are in use."
    assert found.failed[0].remedy == "Stop some judge workers."


WITHIN_A_FILTER = """
import argparse, ctypes, sys
from codetrack.judge import doctor
filter_ = bytes.fromhex(sys.argv[1])
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]
libc = ctypes.CDLL(None)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(Program(len(filter_) // 8, filter_)), 0, 0) == 0
sys.exit(doctor.run(argparse.Namespace(json=True)))
"""


@pytest.mark.usefixtures("_bubblewrap")
def test_container_that_forbids_namespaces_is_named() -> None:
    calls = MACHINES[HERE]
    allowed, denied = bpf.Return(0x7FFF0000), bpf.Return(0x50001)
    asked = bpf.Load(16, bpf.Branch(bpf.Ask.ANY_BIT, 0x10000000, denied, allowed))
    fates: dict[int, bpf.Node] = {0: allowed}
    for name in ("clone", "unshare"):
        number = calls.numbers[name]
        assert number is not None
        fates |= {number: asked, number + 1: allowed}
    code = bpf.assemble(bpf.Load(0, bpf.search(sorted(fates.items()))))
    ran = subprocess.run(
        [sys.executable, "-c", WITHIN_A_FILTER, code.hex()], capture_output=True, check=False
    )
    found = json.loads(ran.stdout)
    assert (ran.returncode, found["level"]) == (1, "X")
    assert "container" in found["probes"][-1]["seen"], found


@pytest.mark.usefixtures("_bubblewrap")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root's judge takes another user's rights")
def test_folder_that_the_judge_cannot_reach_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setenv("CODETRACK_JUDGE_DIR", str(tmp_path))
    found = doctor.diagnose()
    assert found.level is Level.X
    assert "cannot reach" in found.failed[0].seen
    assert "CODETRACK_JUDGE_DIR" in found.failed[0].remedy


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where bubblewrap is looked for, and nowhere else."""
    path = tmp_path / "bwrap"
    monkeypatch.setattr(bwrap, "PLACES", (str(path),))
    bwrap.find.cache_clear()
    yield path
    bwrap.find.cache_clear()


def test_missing_bubblewrap_is_level_x(place: Path) -> None:
    found = examine(Patient(lambda _: ended(Verdict.OK)))
    assert not place.exists() and found.level is Level.X
    assert "apt-get install bubblewrap" in found.failed[0].remedy


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's own file is trusted")
@pytest.mark.parametrize(
    ("version", "mode", "part"),
    [("0.7.0", 0o755, "older than"), ("nonsense", 0o755, "older than"), ("0.9", 0o777, "changed")],
)
def test_untrusted_bubblewrap_is_level_x(place: Path, version: str, mode: int, part: str) -> None:
    place.write_text(f"#!/bin/sh\necho bubblewrap {version}\n")
    place.chmod(mode)
    found = examine(Patient(lambda _: ended(Verdict.OK)))
    assert found.level is Level.X and part in found.failed[0].seen


# --- the program that makes calls


def answered(script: Script, machine: str, *before: str, folder: Path) -> tuple[int, bytes]:
    reading = script.call("openat", -100, script.text("/proc/version"), 0)
    room = script.room(13)
    read = script.call("read", 3, room.address, room.size)
    program, table = folder / "probe", folder / "table"
    program.write_bytes(executable(machine))
    program.chmod(0o755)
    table.write_bytes(script.table())
    with table.open("rb") as stdin:
        told = subprocess.run([*before, str(program)], stdin=stdin, capture_output=True, check=True)
    answers = script.answers(told.stdout)
    assert answers is not None
    return answers.results[reading], answers.bytes(room, read)


@pytest.mark.skipif(HERE not in {"x86_64", "aarch64"}, reason="a processor with a probe")
def test_probe_program_makes_the_calls_it_is_told(tmp_path: Path) -> None:
    assert answered(Script(), HERE, folder=tmp_path) == (3, b"Linux version")


@pytest.mark.parametrize("machine", {"x86_64", "aarch64"} - {HERE})
def test_probe_program_of_another_processor_does_too(machine: str, tmp_path: Path) -> None:
    emulator = shutil.which(f"qemu-{machine}-static") or shutil.which(f"qemu-{machine}")
    if emulator is None:
        pytest.skip(f"qemu-{machine} is not here")
    assert answered(Script(machine), machine, emulator, folder=tmp_path) == (3, b"Linux version")


def test_unknown_processor_is_refused() -> None:
    with pytest.raises(Refused, match="riscv64"):
        executable("riscv64")


def test_script_that_is_too_long_is_a_mistake_of_ours() -> None:
    script = Script()
    for _ in range(1000):
        script.call("getpid")
    with pytest.raises(ValueError, match="too many"):
        script.table()


# --- the command


def told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], level: Level, *options: str
) -> tuple[int, str]:
    fine = Probe(name="no sockets", ok=True, seen="unix denied")
    bad = Probe(name="memory", ok=False, seen="It got OK instead of MLE.", remedy="Mend it.")
    old = LanguageState(id="go", name="Go", extensions=(".go",), usable=False, why="no go here")
    probes = (fine, bad) if level is Level.X else (fine,)
    found = Diagnosis(
        level=level, probes=probes, languages=(*LANGUAGES, old), machine={"cores": "2"}
    )
    monkeypatch.setattr(report, "diagnose", lambda: found)
    parser = argparse.ArgumentParser()
    doctor.add_arguments(parser)
    code = doctor.run(parser.parse_args(options))
    return code, capsys.readouterr().out


def test_report_names_each_probe_the_level_and_the_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, output = told(monkeypatch, capsys, Level.B)
    assert code == 0 and "Level B: safe" in output and "Delegate=yes" in output
    assert "ok    no sockets" in output and "gcc 12" in output and "no go here" in output


def test_refusal_exits_1_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, output = told(monkeypatch, capsys, Level.X)
    assert code == 1 and "FAIL  memory" in output and "      Mend it." in output
    assert "Level X: no code is run" in output


def test_report_can_be_read_by_programs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, output = told(monkeypatch, capsys, Level.X, "--json")
    found = json.loads(output)
    assert (code, found["level"], found["machine"]) == (1, "X", {"cores": "2"})
    assert found["probes"][1] == {
        "name": "memory",
        "ok": False,
        "seen": "It got OK instead of MLE.",
        "remedy": "Mend it.",
    }
    assert [language["usable"] for language in found["languages"]] == [True, False]


@pytest.mark.slow
def test_command_passes_on_this_machine(judge: Judge) -> None:
    assert judge.ready().level in examination.TOLD
    assert report.run(argparse.Namespace(json=True)) == 0
