/* Reads the paths of its input, plainly, from every folder that is open, and by ../.. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void show(int from, const char *path)
{
    char text[200];
    int file = openat(from, path, O_RDONLY);
    long size = file < 0 ? -1 : read(file, text, sizeof text);
    if (size >= 0)
        printf("%s: %.*s\n", path, (int)size, text);
    if (file >= 0)
        close(file);
}

int main(void)
{
    char path[4096], longer[4200];
    while (fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = 0;
        show(AT_FDCWD, path);
        snprintf(longer, sizeof longer, "../../../../../..%s", path);
        show(AT_FDCWD, longer);
        for (int folder = 3; folder < 64; folder++)
            show(folder, path + 1);
    }
    puts("end");
    return 0;
}
