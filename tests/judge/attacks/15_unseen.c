/* Its children work for two milliseconds each, and nobody waits for them. */
#include <signal.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        if (fork() == 0) {
            const clock_t end = clock() + CLOCKS_PER_SEC / 500;
            while (clock() < end)
                ;
            _exit(0);
        }
        usleep(1500);
    }
}
