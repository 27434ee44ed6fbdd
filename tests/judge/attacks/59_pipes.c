/* Pipes as long as they may be, all of them full: memory of the kernel's. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    static char text[1 << 16];
    int ends[2], pipes = 0;
    while (pipe2(ends, O_NONBLOCK) == 0) {
        fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
        while (write(ends[1], text, sizeof text) > 0)
            ;
        pipes++;
    }
    puts(pipes <= 64 ? "small" : "large");
    return 0;
}
