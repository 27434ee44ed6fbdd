/* Becomes another program. */
#include <unistd.h>

int main(void)
{
    execl("/bin/echo", "echo", "echoed", (char *)NULL);
    return 3;
}
