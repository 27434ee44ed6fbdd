"""It sleeps, and so do its children; the work is done by their children, who have nobody left."""

import os
import time

for _ in range(2):
    if os.fork() == 0:
        if os.fork() == 0:
            while True:
                pass
        os._exit(0)
time.sleep(2)
