/* An array of 400 MiB, every byte of it written: allowed, and to be told truly. */
#include <stdio.h>
#include <string.h>

enum { SIZE = 400 << 20 };
static char array[SIZE];

int main(void)
{
    memset(array, 1, SIZE);
    printf("%d\n", array[SIZE / 2]);
    return 0;
}
