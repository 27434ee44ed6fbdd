/* An array of 512 MiB, every byte of it written, where 64 are allowed. */
#include <stdio.h>
#include <string.h>

enum { SIZE = 512 << 20 };
static char array[SIZE];

int main(void)
{
    memset(array, 1, SIZE);
    printf("%d\n", array[SIZE / 2]);
    return 0;
}
