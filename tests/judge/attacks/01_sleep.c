/* Sleeps for more than an hour. */
#include <unistd.h>

int main(void)
{
    sleep(4000);
    return 0;
}
