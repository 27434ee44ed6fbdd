from __future__ import annotations

import ctypes
import errno
import json
import platform
import subprocess
import sys
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetrack.judge.errors import Refused
from codetrack.judge.sandbox.seccomp import program
from codetrack.judge.sandbox.syscalls import MACHINES, Machine
from codetrack.judge.values import Profile
from tests.judge.filters import decide, loadable

ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
EPERM, EAGAIN, EACCES, ENOSYS, EOPNOTSUPP, EINVAL, ENOMEM = (
    ERRNO | code
    for code in (
        *(errno.EPERM, errno.EAGAIN, errno.EACCES, errno.ENOSYS, errno.EOPNOTSUPP),
        *(errno.EINVAL, errno.ENOMEM),
    )
)
ANY = [0xFFFF_FFFF_0000_0000, 0x1_0000_0000]  # above what the kernel looks at
OLD_LAST = {"x86_64": [(0, 334)], "aarch64": [(0, 243), (260, 294)]}
CLONE_FILES, CLONE_THREAD = 0x400, 0x10000
MAP_SHARED, MAP_ANONYMOUS, MAP_HUGETLB = 0x01, 0x20, 0x40000
PR_SET_VMA = 0x53564D41
PRCTL = {3, 15, 16, 21, 23, 27, 29, 30, 37, 38, 39, 41, 42, 47, 50, 51, 52, 53, 55, 56, 63, 64}
PRCTL |= {PR_SET_VMA, 0x41555856}
NAMESPACES = [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]

_NEVER = """
    ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd
    keyctl add_key request_key bpf perf_event_open userfaultfd
    io_uring_setup io_uring_enter io_uring_register
    mount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick
    mount_setattr unshare setns init_module finit_module delete_module kexec_load kexec_file_load
    reboot swapon swapoff acct quotactl quotactl_fd syslog iopl ioperm modify_ldt vhangup uselib
    personality name_to_handle_at open_by_handle_at lookup_dcookie settimeofday clock_settime
    clock_adjtime sethostname setdomainname mbind set_mempolicy get_mempolicy migrate_pages
    move_pages vmsplice memfd_create memfd_secret shmget shmat shmctl semget semop semctl
    msgget msgsnd msgrcv msgctl mq_open fanotify_init
    landlock_create_ruleset landlock_add_rule landlock_restrict_self setsockopt
    seccomp io_setup process_mrelease open_tree_attr statmount listmount cachestat file_setattr
    sync syncfs inotify_init inotify_init1 semtimedop set_mempolicy_home_node
    lsm_get_self_attr lsm_set_self_attr lsm_list_modules
"""
_NOT_IN_RUNS = """
    chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat
    setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat
    flock sched_setaffinity
"""
NEVER, NOT_IN_RUNS = set(_NEVER.split()), set(_NOT_IN_RUNS.split())


def named(machine: str) -> dict[int, str]:
    numbers = MACHINES[machine].numbers.items()
    return {number: name for name, number in numbers if number is not None}


def of_clone(flags: int, *, alone: bool) -> int:
    if any(flags & flag for flag in NAMESPACES):
        return EPERM
    if alone and not flags & CLONE_THREAD:
        return EAGAIN
    return EPERM if alone and not flags & CLONE_FILES else ALLOW


def expected(profile: Profile, machine: str, number: int, arguments: list[int]) -> int:
    """What the design says of a call, in the plainest way."""
    name = named(machine).get(number, "")
    first, second, _, fourth = (argument & 0xFFFF_FFFF for argument in arguments[:4])
    running = profile is not Profile.COMPILE
    if machine == "x86_64" and number >= 0x4000_0000:
        return KILL
    if name == "clone3" or not any(
        low <= number <= high for low, high in [*OLD_LAST[machine], (424, 469)]
    ):
        return ENOSYS
    if name == "clone":
        return of_clone(first, alone=profile is Profile.RUN_ALONE)
    if name in {"fork", "vfork"}:
        return EAGAIN if profile is Profile.RUN_ALONE else ALLOW
    if name == "prctl":
        return ALLOW if first in PRCTL else EINVAL
    if name == "mmap" and fourth & MAP_HUGETLB:
        return ENOMEM
    if name == "fallocate":
        return EOPNOTSUPP
    if name == "socket" or (name == "socketpair" and first != 1):
        return EACCES
    denied = (
        name in NEVER
        or (running and name in NOT_IN_RUNS)
        or (name == "ioctl" and second in {0x5412, 0x541C, 0x5423})
        or (name == "fcntl" and running and second in {6, 7, 37, 38, 1024, 1026})
        or (name == "mmap" and fourth & MAP_ANONYMOUS and fourth & MAP_SHARED)
    )
    return EPERM if denied else ALLOW


INTERESTING = [0, 1, 2, 4, 6, 7, 15, 22, 37, 38, 78, 0x5412, 0x541C, 0x5423, 1024, PR_SET_VMA]
INTERESTING += [CLONE_THREAD, CLONE_THREAD | CLONE_FILES]
INTERESTING += [0x21, 0x22, 0x23, MAP_HUGETLB | 0x22]
VALUES = [*INTERESTING, *NAMESPACES, CLONE_THREAD | 0x20000]
arguments_ = st.lists(
    st.one_of(
        st.sampled_from(VALUES),
        st.sampled_from(VALUES).map(lambda value: value | ANY[0]),
        st.integers(0, 2**64 - 1),
    ),
    min_size=6,
    max_size=6,
)
profiles = pytest.mark.parametrize("profile", Profile)
machines = pytest.mark.parametrize("machine", MACHINES)


@machines
@profiles
def test_every_number_has_the_fate_that_the_design_gives_it(profile: Profile, machine: str) -> None:
    code, audit = program(profile, machine), MACHINES[machine].audit
    assert loadable(code)
    for number in chain(range(601), range(0x4000_0000 - 2, 0x4000_0004), [0x7FFF_FFFF]):
        nothing = [0] * 6
        got = decide(code, number, audit, nothing)
        assert got == expected(profile, machine, number, nothing), (number, hex(got))


@machines
@profiles
@given(data=st.data())
def test_every_argument_is_seen_as_the_kernel_sees_it(
    profile: Profile, machine: str, data: st.DataObject
) -> None:
    looked_at = {"clone", "ioctl", "fcntl", "prctl", "setsockopt", "socketpair", "socket", "flock"}
    numbers = [number for number, name in named(machine).items() if name in looked_at]
    number = data.draw(st.one_of(st.sampled_from(numbers), st.integers(0, 600)))
    arguments = data.draw(arguments_)
    got = decide(program(profile, machine), number, MACHINES[machine].audit, arguments)
    assert got == expected(profile, machine, number, arguments)


@pytest.mark.parametrize("high", [0, *ANY])
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ioctl", [0, 0x5412]),
        ("fcntl", [0, 6]),
        ("clone", [0x1000_0000]),
        ("mmap", [0, 0, 0, 0x21]),
    ],
)
def test_bits_that_the_kernel_drops_do_not_hide_a_command(
    high: int, name: str, arguments: list[int]
) -> None:
    for machine in MACHINES.values():
        number = machine.numbers[name]
        assert number is not None
        code = program(Profile.RUN, platform_of(machine))
        raised = [argument | high for argument in arguments]
        assert decide(code, number, machine.audit, raised) == EPERM


def platform_of(machine: Machine) -> str:
    return next(name for name, known in MACHINES.items() if known is machine)


@profiles
def test_another_way_of_calling_the_kernel_kills(profile: Profile) -> None:
    i386, arm, x86_64, aarch64 = 0x40000003, 0x40000028, 0xC000003E, 0xC00000B7
    for machine, foreign in (("x86_64", [i386, aarch64]), ("aarch64", [arm, x86_64])):
        for audit in [*foreign, 0]:
            assert decide(program(profile, machine), 1, audit) == KILL
    assert decide(program(profile, "x86_64"), 0x4000_0001, x86_64) == KILL


@machines
def test_alone_means_threads_and_no_process(machine: str) -> None:
    audit, numbers = MACHINES[machine].audit, MACHINES[machine].numbers
    clone = numbers["clone"]
    assert clone is not None
    thread, process, spawn = 0x3D0F00, 17, 0x4111
    for profile, fates in (
        (Profile.RUN_ALONE, (ALLOW, EAGAIN, EAGAIN)),
        (Profile.RUN, (ALLOW, ALLOW, ALLOW)),
        (Profile.COMPILE, (ALLOW, ALLOW, ALLOW)),
    ):
        code = program(profile, machine)
        got = tuple(decide(code, clone, audit, [flags]) for flags in (thread, process, spawn))
        assert got == fates


@pytest.mark.parametrize("machine", ["", "riscv64", "i686", "arm64", "AMD64"])
def test_an_unknown_processor_is_refused(machine: str) -> None:
    with pytest.raises(Refused, match="processor") as refused:
        program(Profile.RUN, machine)
    assert "x86_64" in refused.value.remedy


def test_no_name_is_only_in_the_table_and_none_is_missing() -> None:
    asked = {"clone", "clone3", "fallocate", "fork", "vfork", "socket", "socketpair"}
    asked |= {"ioctl", "fcntl", "prctl", "mmap"}
    for machine in MACHINES.values():
        assert set(machine.numbers) == NEVER | NOT_IN_RUNS | asked


@pytest.mark.parametrize(("machine", "audit"), [(n, m.audit) for n, m in MACHINES.items()])
def test_the_numbers_are_those_of_libseccomp(machine: str, audit: int) -> None:
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp is not here to compare with")
    compared = 0
    for name, number in MACHINES[machine].numbers.items():
        theirs = library.seccomp_syscall_resolve_name_arch(audit, name.encode())
        if theirs == -1:  # newer than this libseccomp
            assert number is not None and number > 446, name
            continue
        assert (theirs if theirs >= 0 else None) == number, name
        compared += 1
    assert compared > 100


TRY = """
import ctypes, json, os, sys
filter_, calls = bytes.fromhex(sys.argv[1]), json.loads(sys.argv[2])
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(Program(len(filter_) // 8, filter_)), 0, 0) == 0
def call(numbers):
    ctypes.set_errno(0)
    return libc.syscall(*map(ctypes.c_ulong, numbers)) >= 0 or ctypes.get_errno()
print(json.dumps([call(numbers) for numbers in calls]))
"""


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in MACHINES, reason="Linux, a known processor"
)
def test_the_kernel_loads_a_filter_and_obeys_it() -> None:
    numbers = MACHINES[platform.machine()].numbers
    tried = {
        "ptrace": ([0, 0], errno.EPERM),
        "socket": ([1, 1, 0], errno.EACCES),
        "socketpair": ([16, 1, 0, 0], errno.EACCES),
        "clone3": ([0, 0], errno.ENOSYS),
        "clone": ([17], errno.EAGAIN),
        "ioctl": ([0, 0xFF_0000_5412], errno.EPERM),
        "fcntl": ([0, 1], True),  # F_GETFD
        "seccomp": ([0, 0, 0], errno.EPERM),
        "memfd_create": ([0, 0], errno.EPERM),
        "fchmod": ([1, 0o600], errno.EPERM),
    }
    calls = [[numbers[name], *arguments] for name, (arguments, _) in tried.items()]
    ran = subprocess.run(
        [sys.executable, "-I", "-c", TRY, program(Profile.RUN_ALONE).hex(), json.dumps(calls)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout) == [outcome for _, outcome in tried.values()]


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="x32 is of x86-64"
)
def test_the_kernel_kills_a_caller_by_x32() -> None:
    code = program(Profile.RUN).hex()
    ran = subprocess.run(
        [sys.executable, "-I", "-c", TRY, code, f"[[{0x40000027}]]"],
        capture_output=True,
        check=False,
    )
    assert ran.returncode == -31  # SIGSYS
