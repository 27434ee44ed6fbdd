"""Each socket is an open file, of which a process may have few unless it asks."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import resource
from codetrack.config.machine import allow_open_files
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
allow_open_files({sockets})
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit.")
@pytest.mark.parametrize(
    ("soft", "hard", "sockets", "after"),
    [(256, 4_000, 2_000, 3_000), (256, 2_000, 5_000, 2_000), (2_000, 2_000, 10, 2_000)],
)
def test_as_many_are_allowed_as_are_wanted_and_may_be(
    soft: int, hard: int, sockets: int, after: int
) -> None:
    program = PROGRAM.format(soft=soft, hard=hard, sockets=sockets)
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert int(found.stdout) == after
