"""Its child counts for ever, and it waits: the CPU time is the child's."""

import os

if os.fork() == 0:
    while True:
        pass
os.wait()
