/* Counts for ever, and hears no signal that can be ignored: the end of its CPU time is one of them. */
#include <signal.h>

int main(void)
{
    for (int number = 1; number < 65; number++)
        signal(number, SIG_IGN);
    for (volatile unsigned long count = 0;; count++)
        ;
}
