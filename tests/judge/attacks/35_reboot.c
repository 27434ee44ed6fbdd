/* Turns the machine off: by its programs, and by the call, with the one order that does no harm. */
#define _GNU_SOURCE
#include "say.h"
#include <linux/reboot.h>
#include <stdlib.h>
#include <sys/reboot.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    struct timespec epoch = {0};
    tried("reboot", system("reboot") ? -1 : 0);
    tried("the call", reboot(LINUX_REBOOT_CMD_CAD_OFF));
    tried("another kernel", syscall(SYS_kexec_load, 0, 0, 0, 0));
    tried("a module", syscall(SYS_init_module, "", 0, ""));
    tried("a module's removal", syscall(SYS_delete_module, "none", 0));
    tried("swapping", swapoff("/none"));
    tried("the clock", clock_settime(CLOCK_REALTIME, &epoch));
    tried("the name", sethostname("taken", 5));
    tried("the domain", setdomainname("taken", 5));
    puts("end");
    return 0;
}
