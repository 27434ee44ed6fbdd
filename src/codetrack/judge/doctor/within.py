"""Probes that look around inside a sandbox: all of them are calls of one single run."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable

from codetrack.judge.doctor.bench import AT_FDCWD, FIRST_FREE, Bench, Probe, probe
from codetrack.judge.doctor.caller import Answers, Script
from codetrack.judge.values import Result, Verdict

#: A plan adds its calls to the script and gives what judges their answers.
Verdictor = Callable[[Answers], Probe]
Plan = Callable[[Script], Verdictor]

SIGCHLD = 17
MOST_FILES = 640  # a worker has two open for each test of a problem
AF_INET, AF_UNIX, AF_NETLINK, AF_VSOCK, STREAM = 2, 1, 16, 40, 1
CLONE_NEWUSER, TIOCSTI = 0x10000000, 0x5412
SHARED = 0x21  # MAP_SHARED | MAP_ANONYMOUS
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
ALLOWED_NAMES = {"PATH", "HOME", "LANG", "PWD"}
CANARY = "PYTHON_CODETRACK_CANARY"  # so named that the worker gets it too
PRIVILEGES = {"NoNewPrivs": "1", "Seccomp": "2"}
CAPABILITIES = ("CapInh", "CapPrm", "CapEff", "CapAmb")
HOST_FILES = (
    *("/etc/passwd", "/etc/shadow", "/etc/hostname", "/etc/ssh", "/etc/ssl/private"),
    *("/home", "/root", "/var", "/run", "/srv", "/boot", "/mnt", "/media", "/sys"),
)


def file(script: Script, path: str, size: int = 4096) -> Callable[[Answers], str | None]:
    """Read a file; gives its text, or None when it could not be opened."""
    opened = script.call("openat", AT_FDCWD, script.text(path), 0)
    room = script.room(size)
    read = script.call("read", FIRST_FREE, room.address, size)
    script.call("close", FIRST_FREE)

    def content(answers: Answers) -> str | None:
        if answers.results[opened] < 0:
            return None
        return answers.bytes(room, read).decode(errors="replace")

    return content


def _named(what: str, found: Iterable[str]) -> str:
    names = ", ".join(found)
    return f"{what}: {names}." if names else ""


def descriptors(script: Script) -> Verdictor:
    """First of all: it closes what should not be open, so that the next file is number 3."""
    closed = {fd: script.call("close", fd) for fd in range(FIRST_FREE, MOST_FILES)}

    def check(answers: Answers) -> Probe:
        found = [str(fd) for fd, at in closed.items() if answers.results[at] != -errno.EBADF]
        return probe(
            "no open files of ours",
            wrong=_named("Descriptors are open inside", found),
            fine="only input, output and errors are open",
        )

    return check


def privileges(script: Script) -> Verdictor:
    status = file(script, "/proc/self/status")

    def check(answers: Answers) -> Probe:
        lines = (status(answers) or "").splitlines()
        found = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
        wanted = PRIVILEGES | dict.fromkeys(CAPABILITIES, "0" * 16)
        wrong = [
            f"{name} is {found.get(name)}" for name in wanted if found.get(name) != wanted[name]
        ]
        return probe(
            "no privileges, filter on",
            wrong="; ".join(wrong),
            fine="Seccomp 2, NoNewPrivs 1, no capabilities",
            remedy="The kernel needs CONFIG_SECCOMP_FILTER: use your distribution's own kernel.",
        )

    return check


def _opened(script: Script, path: str) -> int:
    """For writing, and closed again."""
    opened = script.call("openat", AT_FDCWD, script.text(path), os.O_RDWR)
    script.call("close", FIRST_FREE)
    return opened


def dangerous_calls(script: Script) -> Verdictor:
    tried = {
        "ptrace": (script.call("ptrace", 0), errno.EPERM),
        "bpf": (script.call("bpf", 0), errno.EPERM),
        "unshare": (script.call("unshare", CLONE_NEWUSER), errno.EPERM),
        "clone of a namespace": (script.call("clone", CLONE_NEWUSER | SIGCHLD), errno.EPERM),
        "clone3": (script.call("clone3", 0, 0), errno.ENOSYS),
        "ioctl TIOCSTI": (script.call("ioctl", 0, TIOCSTI, 0), errno.EPERM),
        "memory of nobody": (script.call("mmap", 0, 4096, 3, SHARED, -1, 0), errno.EPERM),
        "memory of the first process": (_opened(script, "/proc/1/mem"), errno.EROFS),
    }

    def check(answers: Answers) -> Probe:
        wrong = [name for name, (at, code) in tried.items() if answers.results[at] != -code]
        return probe(
            "dangerous calls denied",
            wrong=_named("Not denied as they should be", wrong),
            fine=", ".join(tried),
        )

    return check


def sockets(script: Script) -> Verdictor:
    families = {"internet": AF_INET, "unix": AF_UNIX, "netlink": AF_NETLINK, "vsock": AF_VSOCK}
    tried = {name: script.call("socket", number, STREAM, 0) for name, number in families.items()}

    def check(answers: Answers) -> Probe:
        wrong = [name for name, at in tried.items() if answers.results[at] != -errno.EACCES]
        return probe(
            "no sockets",
            wrong=_named("Sockets are not denied", wrong),
            fine=f"{', '.join(tried)} denied",
        )

    return check


def network(script: Script) -> Verdictor:
    devices = file(script, "/proc/self/net/dev")
    routes = file(script, "/proc/self/net/route")

    def check(answers: Answers) -> Probe:
        lines = [line.partition(":") for line in (devices(answers) or "").splitlines()[2:]]
        found = {name.strip(): set(counts.split()) for name, _, counts in lines}
        ways = (routes(answers) or "").splitlines()[1:]
        return probe(
            "no network",
            wrong=""
            if found == {"lo": {"0"}} and not ways
            else f"The network is there, or in use: {', '.join(found) or 'nothing could be read'}.",
            fine="no device but an unused loopback, no route",
        )

    return check


def own_processes(script: Script) -> Verdictor:
    pid = script.call("getpid")

    def check(answers: Answers) -> Probe:
        seen = answers.results[pid]
        return probe(
            "processes of its own",
            wrong="" if seen == 2 else f"The program is process {seen}, not the second of its own.",
            fine="the program is the second of its namespace",
        )

    return check


def read_only(script: Script) -> Verdictor:
    places = ("/", "/usr/", "/dev/", "/box/", "/etc/", "/proc/")
    tried = {
        place: script.call("mkdirat", AT_FDCWD, script.text(f"{place}codetrack-probe"), 0o700)
        for place in places
    }
    kept = script.call("mkdirat", AT_FDCWD, script.text("/tmp/codetrack-probe"), 0o700)  # noqa: S108

    def check(answers: Answers) -> Probe:
        wrong = [place for place, at in tried.items() if answers.results[at] >= 0]
        wrong += ["its folder for temporary files"] if answers.results[kept] < 0 else []
        return probe(
            "read-only but for /tmp",
            wrong=_named("Not as they should be", wrong),
            fine=" ".join(places),
        )

    return check


def host_files(script: Script) -> Verdictor:
    ours = [path for path in (__file__, sys.executable) if not path.startswith("/usr/")]
    tried = {
        path: script.call("openat", AT_FDCWD, script.text(path), os.O_PATH)
        for path in (*HOST_FILES, *ours)
    }

    def check(answers: Answers) -> Probe:
        wrong = sorted(path for path, at in tried.items() if answers.results[at] != -errno.ENOENT)
        return probe(
            "no files of this machine",
            wrong=_named("Seen inside", wrong),
            fine=f"{len(tried)} places are not there",
        )

    return check


def environment(script: Script) -> Verdictor:
    first = file(script, "/proc/1/environ")
    own = file(script, "/proc/self/environ")
    command = file(script, "/proc/1/cmdline")

    def check(answers: Answers) -> Probe:
        seen = [part(answers) or "" for part in (first, own, command)]
        names = {line.partition("=")[0] for line in seen[1].split("\0") if line}
        wrong = sorted(names - ALLOWED_NAMES)
        wrong += ["the first process's environment"] if seen[0] else []
        wrong += ["our canary"] if os.environ.get(CANARY, "\0\0") in "".join(seen) else []
        wrong += ["bubblewrap's arguments"] if "bind" in seen[2] else []
        wrong += [] if names and seen[2] else ["nothing, so that this cannot be told"]
        return probe(
            "no secrets in sight",
            wrong=_named("Seen inside", wrong),
            fine="the first process's environment is empty, the program's own is "
            + ", ".join(sorted(names)),
        )

    return check


def no_process(script: Script) -> Verdictor:
    """Last of these: where it is allowed, the rest is done twice."""
    made = script.call("clone", SIGCHLD)

    def check(answers: Answers) -> Probe:
        return probe(
            "no process where none is needed",
            wrong="" if answers.results[made] == -errno.EAGAIN else "A program could fork.",
            fine="fork denied",
        )

    return check


PLANS: tuple[Plan, ...] = (
    *(descriptors, privileges, dangerous_calls, sockets, network, own_processes),
    *(read_only, host_files, environment, no_process),
)


def look_around(bench: Bench) -> list[Probe]:
    """Run all of them at once. Raises JudgeError when there is no sandbox to look around in."""
    script = Script()
    checks = [plan(script) for plan in PLANS]
    script.call("openat", AT_FDCWD, script.text("/out/mark"), NEW_FILE, 0o600)
    result, answers = bench.look(script)
    return [_ran(result, answers), *([check(answers) for check in checks] if answers else ())]


def _ran(result: Result, answers: Answers | None) -> Probe:
    wrong = f"A program of ours got {result.verdict}: {result.message or 'it wrote nothing'}."
    fine = answers is not None and result.verdict is Verdict.OK
    return probe(
        "a sandbox runs", wrong="" if fine else wrong, fine="a program of ours ran to its end"
    )


def owner(bench: Bench) -> Probe:
    """Who a sandbox is for the machine: whoever owns the file that it has made."""
    try:
        uid = (bench.out / "mark").lstat().st_uid
    except OSError:
        uid = -1
    return probe(
        "never root",
        wrong=""
        if uid > 0
        else "Sandboxes are root's for this machine."
        if uid == 0
        else "The folder for results cannot be written.",
        fine=f"sandboxes are user {uid} for this machine",
        remedy="Start the judge as an ordinary user.",
    )
