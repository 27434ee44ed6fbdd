#include <stdio.h>

int main(void) {
    volatile unsigned step = 1;
    while (step) step |= 1;
    puts("1");
}
