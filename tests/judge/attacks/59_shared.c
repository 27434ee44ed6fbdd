/* Memory that could be handed on, so that it is in nobody's count: by no file, and by two of them. */
#define _GNU_SOURCE
#include "say.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 1 << 20, HOW = PROT_READ | PROT_WRITE };

static void with(const char *what, int flags, int file)
{
    tried(what, mmap(NULL, SIZE, HOW, flags, file, 0) == MAP_FAILED ? -1 : 0);
}

int main(void)
{
    with("shared", MAP_SHARED | MAP_ANONYMOUS, -1);
    with("shared and checked", MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1);
    with("in huge pages", MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1);
    with("of zeros", MAP_SHARED, open("/dev/zero", O_RDWR));
    tried("terminals", open("/dev/ptmx", O_RDWR));
    puts("end");
    return 0;
}
