/* Reads the test while it is compiled. */
const char *text =
#include "{{hidden}}"
;

int main(void)
{
    return 0;
}
