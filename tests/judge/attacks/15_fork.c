/* Wants a child that counts for ever. Where one may be had, it waits for it. */
#include "say.h"
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    pid_t child = fork();
    if (child == 0)
        for (volatile unsigned long count = 0;; count++)
            ;
    if (tried("fork", child) != -1)
        wait(NULL);
    puts("end");
    return 0;
}
