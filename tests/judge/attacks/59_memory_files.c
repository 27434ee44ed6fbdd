/* Memory that belongs to no process, and so shows in none. */
#define _GNU_SOURCE
#include "say.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    tried("a memory file", memfd_create("bomb", 0));
    tried("a secret memory file", syscall(447, 0));
    tried("shared memory", shmget(IPC_PRIVATE, 64 << 20, IPC_CREAT | 0600));
    tried("a queue", syscall(SYS_mq_open, "bomb", O_RDWR | O_CREAT, 0600, NULL));
    tried("locked memory", mlockall(MCL_CURRENT | MCL_FUTURE));
    tried("page faults of one's own", syscall(SYS_userfaultfd, 0));
    tried("a program of the kernel", syscall(SYS_bpf, 0, NULL, 0));
    tried("counters", syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0));
    puts("end");
    return 0;
}
