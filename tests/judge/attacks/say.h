/* Who tries something says only what it could do; why it could not goes to stderr, for the report. */
#ifndef SAY_H
#define SAY_H
#include <errno.h>
#include <stdio.h>
#include <string.h>

static inline long tried(const char *what, long came)
{
    if (came == -1)
        fprintf(stderr, "%s: %s\n", what, strerror(errno));
    else
        printf("%s was done\n", what);
    return came;
}
#endif
