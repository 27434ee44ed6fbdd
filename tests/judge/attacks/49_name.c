/* Wants a file whose name is too long for one. */
#include "{{long}}.h"

int main(void)
{
    return 0;
}
