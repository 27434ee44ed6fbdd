/* Ten thousand lines for the machine's log, by the library and by the kernel's own file. */
#include "say.h"
#include <fcntl.h>
#include <sys/klog.h>
#include <syslog.h>
#include <unistd.h>

int main(void)
{
    openlog("codetrack-attack", LOG_NDELAY, LOG_USER);
    for (int count = 0; count < 10000; count++)
        syslog(LOG_EMERG, "line %d", count);
    tried("the kernel's log, written", open("/dev/kmsg", O_WRONLY));
    tried("the log's socket", access("/dev/log", F_OK));
    char text[100];
    tried("the kernel's log, read", klogctl(3, text, sizeof text));
    puts("end");
    return 0;
}
