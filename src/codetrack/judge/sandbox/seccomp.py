"""Which system calls a sandbox may make, as a filter that bubblewrap loads.

What is denied either reaches outside of the sandbox, costs memory that no limit sees, or opens
parts of the kernel that no solution of a problem needs. The namespaces deny much of it too: this
is the second wall, not the only one.
"""

from __future__ import annotations

import errno
import platform
from collections.abc import Iterable, Mapping
from functools import cache

from codetrack.judge.errors import Refused
from codetrack.judge.sandbox.bpf import (
    Ask,
    Branch,
    Load,
    Node,
    Return,
    assemble,
    one_of,
    search,
)
from codetrack.judge.sandbox.syscalls import MACHINES, Machine
from codetrack.judge.values import Profile

ALLOW = Return(0x7FFF0000)
KILL = Return(0x80000000)  # the whole process


def _fail(code: int) -> Return:
    return Return(0x00050000 | code)


DENIED = _fail(errno.EPERM)
NO_SOCKET = _fail(errno.EACCES)
NO_PROCESS = _fail(errno.EAGAIN)  # as if the limit of processes were reached
NO_MEMORY = _fail(errno.ENOMEM)
NO_OPTION = _fail(errno.EINVAL)  # as if the kernel were older
NO_ROOM_AHEAD = _fail(errno.EOPNOTSUPP)  # it takes a disk faster than anybody can look
UNKNOWN = _fail(errno.ENOSYS)  # as if the kernel were older: a program then falls back

_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

_ALWAYS = """
    ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp pidfd_getfd
    keyctl add_key request_key
    bpf seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self
    setsockopt perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register io_setup
    mount umount2 pivot_root chroot open_tree open_tree_attr move_mount fsopen fsconfig fsmount
    fspick mount_setattr statmount listmount name_to_handle_at open_by_handle_at lookup_dcookie
    sync syncfs cachestat file_setattr fanotify_init inotify_init inotify_init1
    unshare setns
    init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct
    quotactl quotactl_fd syslog iopl ioperm modify_ldt vhangup uselib personality settimeofday
    clock_settime clock_adjtime sethostname setdomainname
    lsm_get_self_attr lsm_set_self_attr lsm_list_modules
    mbind set_mempolicy get_mempolicy set_mempolicy_home_node migrate_pages move_pages vmsplice
    memfd_create memfd_secret shmget shmat shmctl semget semop semtimedop semctl
    msgget msgsnd msgrcv msgctl mq_open
"""
# What a compiler may do and a solution need not: marks on files that others see, another's core.
_IN_RUNS = """
    chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat
    setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat
    flock sched_setaffinity
"""

_TERMINAL = (0x5412, 0x541C, 0x5423)  # TIOCSTI, TIOCLINUX; TIOCSETD loads line disciplines
_LOCKS = (6, 7, 37, 38, 1024, 1026)  # F_SETLK, F_SETLKW, F_OFD_SETLK(W), F_SETLEASE, F_NOTIFY
# What runtimes ask of prctl: names, of threads and of memory; whether something is so. Not what
# hides a process from the judge, outlives its parent, or takes memory of the kernel's.
_PRCTL = (
    *(3, 15, 16, 21, 23, 27, 30, 37, 39, 42),  # GET_: dumpable, (and set) name, seccomp, bounding
    # set, securebits, timer slack, child subreaper, no new privileges, transparent huge pages
    *(29, 38, 41, 47),  # timer slack, no new privileges, no huge pages, ambient capabilities
    *(50, 51, 52, 53, 55, 56, 63, 64),  # vectors of arm64, speculation, tagged addresses
    *(0x53564D41, 0x41555856),  # PR_SET_VMA, PR_GET_AUXV
)
_AF_UNIX = 1
_MAP_SHARED, _MAP_ANONYMOUS, _MAP_HUGETLB = 0x01, 0x20, 0x40000
_CLONE_FILES, _CLONE_THREAD = 0x00000400, 0x00010000
# Namespaces: mount, cgroup, uts, ipc, user, pid, net. Time's bit, 0x80, is a signal's in clone().
_CLONE_NEW = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x70000000


@cache
def program(profile: Profile, machine: str = platform.machine()) -> bytes:
    """The filter as `bwrap --seccomp` reads it. Raises Refused for an unknown processor."""
    known = MACHINES.get(machine)
    if known is None:
        raise Refused(
            f"No list of system calls for this processor ({machine or 'unknown'}).",
            f"Run the judge on one of {', '.join(MACHINES)}.",
        )
    calls = Load(_NUMBER, search(_cases(known, _rules(profile))))
    return assemble(Load(_ARCHITECTURE, Branch(Ask.EQUAL, known.audit, calls, KILL)))


def _cases(machine: Machine, rules: Mapping[str, Node]) -> list[tuple[int, Node]]:
    """What holds from which number on; neighbours of one fate are one case."""
    fates: dict[int, Node] = {number: ALLOW for part in machine.reviewed for number in part}
    for name, node in rules.items():
        if (number := machine.numbers[name]) is not None:
            fates[number] = node
    cases = [(0, fates[0])]
    for number in range(1, max(fates) + 2):
        fate = fates.get(number, UNKNOWN)
        if fate != cases[-1][1]:
            cases.append((number, fate))
    return cases if machine.foreign is None else [*cases, (machine.foreign, KILL)]


def _rules(profile: Profile) -> dict[str, Node]:
    """Calls that are not simply allowed."""
    rules: dict[str, Node] = dict.fromkeys(_ALWAYS.split(), DENIED)
    rules |= {
        "clone3": UNKNOWN,  # its flags lie in memory, where no filter sees them
        "clone": _clone(ALLOW),
        "fallocate": NO_ROOM_AHEAD,
        "socket": NO_SOCKET,
        "socketpair": _argument(0, one_of([_AF_UNIX], ALLOW, NO_SOCKET)),
        "ioctl": _denied(1, _TERMINAL),
        "prctl": _argument(0, one_of(_PRCTL, ALLOW, NO_OPTION)),
        "mmap": _argument(3, _mapping()),
    }
    if profile is Profile.COMPILE:
        return rules
    rules |= dict.fromkeys(_IN_RUNS.split(), DENIED) | {"fcntl": _denied(1, _LOCKS)}
    if profile is Profile.RUN_ALONE:
        # A thread with open files of its own would multiply how many there can be.
        files = Branch(Ask.ANY_BIT, _CLONE_FILES, ALLOW, DENIED)
        threads = Branch(Ask.ANY_BIT, _CLONE_THREAD, files, NO_PROCESS)
        rules |= {"fork": NO_PROCESS, "vfork": NO_PROCESS, "clone": _clone(threads)}
    return rules


def _clone(allowed: Node) -> Node:
    return _argument(0, Branch(Ask.ANY_BIT, _CLONE_NEW, DENIED, allowed))


def _mapping() -> Node:
    """No memory that can be shared without a file: it stays when no process shows it any more.

    Nor of an admin's huge pages, which show in none.
    """
    shared = Branch(Ask.ANY_BIT, _MAP_SHARED, DENIED, ALLOW)
    anonymous = Branch(Ask.ANY_BIT, _MAP_ANONYMOUS, shared, ALLOW)
    return Branch(Ask.ANY_BIT, _MAP_HUGETLB, NO_MEMORY, anonymous)


def _denied(argument: int, values: Iterable[int]) -> Node:
    return _argument(argument, one_of(values, DENIED, ALLOW))


def _argument(index: int, then: Node) -> Node:
    """Look at the lower half of an argument.

    All those we look at are 32 bits wide for the kernel, which drops the upper half; a filter that
    compared all 64 could be passed by any bit set up there.
    """
    return Load(_ARGUMENTS + 8 * index, then)
