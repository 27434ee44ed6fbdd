/* Run at once, many times over, as soon as it is there: {{turn}}. */
#include <stdio.h>

int main(void)
{
    puts("small");
    return 0;
}
