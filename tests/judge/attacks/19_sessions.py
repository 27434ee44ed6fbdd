"""Children in sessions of their own, that hear no signal and hold no file, work on after it."""

import os
import signal


def work_on() -> None:
    """Never comes back."""
    os.setsid()
    if os.fork():
        os._exit(0)
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    os.closerange(0, 64)
    while True:
        pass


for _ in range(4):
    if os.fork() == 0:
        work_on()
while True:
    signal.pause()
