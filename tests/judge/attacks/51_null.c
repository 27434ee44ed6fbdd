/* The right answer, a null character, and more. */
#include <stdio.h>

int main(void)
{
    static const char text[] = "small\0 and more\n";
    return fwrite(text, 1, sizeof text - 1, stdout) != sizeof text - 1;
}
