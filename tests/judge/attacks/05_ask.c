/* Asks for 256 MiB and gives up when there is no. */
#include <stdlib.h>

int main(void)
{
    volatile char *memory = malloc(256 << 20);
    if (memory == NULL)
        return 1;
    memory[0] = 1;
    return 0;
}
