"""Opens the devices of a machine: its memory, disks, consoles and kernel. Says which there are."""

import os

NAMES = (
    "mem", "kmem", "port", "kmsg", "sda", "vda", "nvme0n1", "loop0", "loop-control", "fuse", "kvm",
    "net/tun", "tty0", "tty1", "ttyS0", "vhost-vsock", "vsock", "uinput", "rtc0", "autofs", "hpet",
    "cpu_dma_latency", "userfaultfd", "mapper/control", "snapshot", "watchdog", "dri/card0",
)  # fmt: skip
for name in NAMES:
    try:
        os.close(os.open(f"/dev/{name}", os.O_RDONLY | os.O_NONBLOCK))
    except OSError:
        continue
    print(f"/dev/{name} was opened")
print("end")
