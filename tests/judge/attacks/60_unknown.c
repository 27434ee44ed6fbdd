/* Calls by a number that is nobody's. */
#include "say.h"
#include <unistd.h>

int main(void)
{
    tried("nobody's call", syscall(100000));
    puts("end");
    return 0;
}
