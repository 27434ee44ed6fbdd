"""Wants the root folder of process 1 for its own."""

import os

os.chroot("/proc/1/root")
print("changed")
