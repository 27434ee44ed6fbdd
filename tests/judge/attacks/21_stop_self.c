/* Stops itself: nobody is there to wake it. */
#include <signal.h>

int main(void)
{
    return raise(SIGSTOP);
}
