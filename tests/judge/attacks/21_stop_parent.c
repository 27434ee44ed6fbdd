/* Tells whoever started it to stop, and goes on. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    kill(getppid(), SIGSTOP);
    usleep(100000);
    puts("still here");
    return 0;
}
