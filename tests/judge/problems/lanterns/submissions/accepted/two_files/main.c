#include <stdio.h>
#include "see.h"

int main(void) {
    int lanterns, seen = 0;
    long height;
    if (scanf("%d", &lanterns) != 1) return 1;
    while (lanterns-- && scanf("%ld", &height) == 1) seen += is_seen(height);
    printf("%d\n", seen);
}
