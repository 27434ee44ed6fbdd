"""Makes a process what the judge's worker is: never root, reaper of its sandboxes.

For benchmarks of what happens inside it. Afterwards no file of ours can be opened any more, so
import everything first.
"""

from __future__ import annotations

import socket

from codetrack.judge.values import Submission
from codetrack.judge.wire import Channel
from codetrack.judge.worker import Worker, start

NOTHING = {
    "c17": Submission("c17", {"main.c": b"int main(void) { return 0; }\n"}),
    "python3": Submission("python3", {"main.py": b"print(1)\n"}),
}


def become_worker() -> Worker:
    """The worker's own start, with nobody at the other end. Raises Refused."""
    asker, end = socket.socketpair()
    worker = start(Channel(end))
    asker.detach()  # its end would end every run
    return worker
