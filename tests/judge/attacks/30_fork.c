/* Every way to a second process. */
#define _GNU_SOURCE
#include "say.h"
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    tried("fork", child);
    child = vfork();
    if (child == 0)
        _exit(0);
    tried("vfork", child);
    child = (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_PARENT, 0, 0, 0, 0);
    if (child == 0)
        _exit(0);
    tried("clone", child);
    struct { unsigned long long flags, rest[10]; } wanted = {0};
    child = (pid_t)syscall(SYS_clone3, &wanted, sizeof wanted);
    if (child == 0)
        _exit(0);
    tried("clone3", child);
    char *words[] = {"true", NULL};
    errno = posix_spawn(&child, "/bin/true", NULL, NULL, words, words + 1);
    tried("spawn", errno ? -1 : 0);
    tried("system", system("true") == 0 ? 0 : -1);
    puts("end");
    return 0;
}
