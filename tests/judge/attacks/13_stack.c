/* A local array of 80 MiB, every page of it written. */
#include <stdio.h>

enum { SIZE = 80 << 20 };

int main(void)
{
    volatile char array[SIZE];
    for (int place = 0; place < SIZE; place += 4096)
        array[place] = 1;
    printf("%d\n", array[SIZE / 2]);
    return 0;
}
