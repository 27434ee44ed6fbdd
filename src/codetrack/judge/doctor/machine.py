"""Why this machine makes no sandbox: read off bubblewrap's words and the kernel's settings."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import NamedTuple

SYSCTL = Path("/proc/sys")
PROFILE = """\
abi <abi/4.0>,
include <tunables/global>

profile bwrap /usr/bin/bwrap flags=(unconfined) {
  userns,
  include if exists <local/bwrap>
}
"""


class Reason(NamedTuple):
    """Why, in a sentence, and what to do about it."""

    why: str
    remedy: str


_APPARMOR = Reason(
    "AppArmor keeps ordinary users from making user namespaces.",
    "As root, write these lines to /etc/apparmor.d/bwrap, which lets bubblewrap make them, and run"
    f" apparmor_parser -r /etc/apparmor.d/bwrap:\n{PROFILE}",
)
_SWITCHED_OFF = Reason(
    "User namespaces are switched off for ordinary users (kernel.unprivileged_userns_clone = 0).",
    "As root: echo kernel.unprivileged_userns_clone=1 > /etc/sysctl.d/60-codetrack.conf"
    " && sysctl --system",
)
_NONE = Reason(
    "No user namespaces may be made (user.max_user_namespaces = 0).",
    "As root: echo user.max_user_namespaces=10000 > /etc/sysctl.d/60-codetrack.conf"
    " && sysctl --system",
)
_MASKED = Reason(
    "A container around the judge covers parts of /proc, so no sandbox gets a /proc of its own.",
    "Start the container with --security-opt systempaths=unconfined, or run the judge outside it.",
)
_CONTAINER = Reason(
    "Something around the judge, such as a container's filter, forbids user namespaces.",
    "Start the container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined,"
    " or run the judge outside it.",
)
_UNREACHABLE = Reason(
    "The judge's user cannot pass the folders that lead to its work folder.",
    "Set CODETRACK_JUDGE_DIR to a folder on an executable file system that every user may pass"
    " through, such as /var/lib/codetrack.",
)
_NOT_EXECUTABLE = Reason(
    "Programs in the judge's work folder cannot be started: its file system is mounted noexec.",
    _UNREACHABLE.remedy,
)


def explain(said: str, settings: Path = SYSCTL) -> Reason:
    """Why no sandbox could be made; `said` is what was heard of it."""
    if "Can't find source path" in said or "Can't bind mount" in said:
        return Reason(_UNREACHABLE.why + f" ({said})", _UNREACHABLE.remedy)
    if "execvp" in said:
        return Reason(_NOT_EXECUTABLE.why + f" ({said})", _NOT_EXECUTABLE.remedy)
    if "mount proc" in said:
        return _MASKED
    for name, forbidding, reason in (
        ("user/max_user_namespaces", "0", _NONE),
        ("kernel/unprivileged_userns_clone", "0", _SWITCHED_OFF),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", _APPARMOR),
    ):
        if _read(settings / name) == forbidding:
            return reason
    if "Operation not permitted" in said or "No permissions" in said:
        return _CONTAINER
    return Reason(
        f"No sandbox could be made: {said}", "Report this with the output of the doctor's --json."
    )


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:  # a kernel that has no such switch
        return ""


def facts() -> dict[str, str]:
    """What a report should say of this machine."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "cores": str(os.cpu_count() or 1),
        "python": platform.python_version(),
    }
