/* Empty files without an end, in no one's memory but the kernel's. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    char name[100];
    for (int count = 0; count < 300000; count++) {
        snprintf(name, sizeof name, "/tmp/%d", count);
        int made = open(name, O_WRONLY | O_CREAT, 0600);
        if (made >= 0)
            close(made);
    }
    puts("300000 files");
    return 0;
}
