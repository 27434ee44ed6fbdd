/* The same, deaf to the signal; it tells how long the file became. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
    static char text[1000];
    struct stat found;
    signal(SIGXFSZ, SIG_IGN);
    int file = open("/tmp/long", O_WRONLY | O_CREAT, 0600);
    for (int count = 0; count < 600; count++)
        (void)!write(file, text, sizeof text);
    if (fstat(file, &found))
        return 3;
    printf("%ld\n", (long)found.st_size);
    return 0;
}
