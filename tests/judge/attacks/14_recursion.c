/* Calls itself without an end; each call keeps a large frame, and a little memory of its own. */
#include <stdio.h>
#include <stdlib.h>

static long deeper(long depth)
{
    volatile char frame[1 << 20];
    char *piece = malloc(1000);
    if (piece == NULL)
        exit(3);
    piece[0] = (char)depth;
    frame[0] = piece[0];
    return deeper(depth + 1) + frame[0];
}

int main(void)
{
    printf("%ld\n", deeper(0));
    return 0;
}
