/* Becomes another program, by an open file that has no name. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    char *words[] = {"echo", "echoed", NULL}, *names[] = {NULL};
    int program = open("/bin/echo", O_PATH);
    syscall(SYS_execveat, program, "", words, names, AT_EMPTY_PATH);
    return 3;
}
