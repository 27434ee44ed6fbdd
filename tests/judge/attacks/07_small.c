/* Needs next to nothing, while those who judge it hold much. */
#include <stdio.h>

int main(void)
{
    puts("small");
    return 0;
}
