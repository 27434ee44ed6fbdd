"""Its child sleeps, and it waits."""

import os
import time

if os.fork() == 0:
    time.sleep(10)
    os._exit(0)
os.wait()
