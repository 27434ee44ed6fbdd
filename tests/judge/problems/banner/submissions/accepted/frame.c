#include <stdio.h>
#include <string.h>

static void edge(size_t length) {
    while (length--) putchar('*');
    putchar('\n');
}

int main(void) {
    char name[64];
    if (!fgets(name, sizeof name, stdin)) return 1;
    name[strcspn(name, "\n")] = 0;
    edge(strlen(name) + 4);
    printf("* %s *\n", name);
    edge(strlen(name) + 4);
}
