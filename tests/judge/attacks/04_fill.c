/* Takes 80 MiB and writes to all of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 80 << 20 };

int main(void)
{
    char *volatile memory = malloc(SIZE);
    if (memory == NULL)
        return 1;
    memset(memory, 1, SIZE);
    printf("%d\n", memory[SIZE - 1]);
    return 0;
}
