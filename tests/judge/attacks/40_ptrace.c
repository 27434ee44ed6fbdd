/* A checker that wants to look into other processes; it accepts when it may. */
#include <sys/ptrace.h>
#include <unistd.h>

int main(void)
{
    enum { ACCEPT = 42, GIVE_UP = 1 };
    if (ptrace(PTRACE_ATTACH, getppid(), 0, 0) == -1 && ptrace(PTRACE_TRACEME, 0, 0, 0) == -1)
        return GIVE_UP;
    return ACCEPT;
}
