"""Turns the machine off by every program that may be there; those that start children may do so."""

import subprocess

for words in (
    ("reboot", "-f"),
    ("shutdown", "now"),
    ("halt", "-f"),
    ("systemctl", "poweroff"),
    ("init", "0"),
):
    try:
        done = subprocess.run(words, capture_output=True, timeout=1, check=False)
    except (OSError, subprocess.TimeoutExpired):
        continue
    if done.returncode == 0:
        print(words[0], "was done")
print("end")
