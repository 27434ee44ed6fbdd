/* Paths that are none. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static void look(const char *path)
{
    errno = 0;
    int came = open(path, O_RDONLY);
    puts(came < 0 ? strerror(errno) : "opened");
}

int main(void)
{
    static char lengthy[4353];
    memset(lengthy, 'a', sizeof lengthy - 1);
    const char *volatile nowhere = NULL;
    look("%s%n%p");
    look(nowhere);
    look((const char *)1);
    look(lengthy);
    look("\xff\xfe\xc3(\x80");
    look("");
    return 0;
}
