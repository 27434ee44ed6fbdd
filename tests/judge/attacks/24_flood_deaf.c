/* Writes for ever, and does not hear that the file is too long. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
    static char text[1 << 16];
    memset(text, 'x', sizeof text);
    signal(SIGXFSZ, SIG_IGN);
    for (;;)
        (void)!write(1, text, sizeof text);
}
