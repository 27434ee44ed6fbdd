/* Fourteen children ask for 80 MiB each, to be there at once. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

enum { HOW = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE };

int main(void)
{
    for (int count = 0; count < 14; count++) {
        if (fork() == 0) {
            mmap(NULL, 80 << 20, PROT_READ | PROT_WRITE, HOW, -1, 0);
            sleep(5);
            return 0;
        }
    }
    sleep(5);
    return 0;
}
