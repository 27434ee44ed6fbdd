/* Takes the test into the program by the assembler. */
#include <stdio.h>
__asm__(".globl text\ntext: .incbin \"{{hidden}}\"\n.byte 0\n");
extern const char text[];

int main(void)
{
    puts(text);
    return 0;
}
