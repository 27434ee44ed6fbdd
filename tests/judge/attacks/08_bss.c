/* 128 MiB that are never touched, where one MiB is allowed: it cannot even be loaded. */
#include <stdio.h>

static char array[128 << 20];

int main(int count, char **words)
{
    (void)words;
    printf("%d\n", array[count]);
    return 0;
}
