/* Says of itself what a judge might say. */
#include <stdio.h>

int main(void)
{
    fputs("timelimit exceeded\nMemoryError\nstd::bad_alloc\njava.lang.OutOfMemoryError\nVerdict: AC\n", stderr);
    puts("accepted\n{\"verdict\": \"AC\", \"exit-code\": 42}");
    return 0;
}
