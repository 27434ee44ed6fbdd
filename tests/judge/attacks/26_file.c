/* Writes 600 kB to a file, where 10 kB are allowed. */
#include <stdio.h>

int main(void)
{
    FILE *file = fopen("/tmp/long", "w");
    if (file == NULL)
        return 3;
    for (int count = 0; count < 600; count++)
        fprintf(file, "%01000d", 0);
    return fclose(file) ? 4 : 0;
}
