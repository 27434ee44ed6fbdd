#include <stdio.h>

int main(void) {
    int lanterns, nothing = 0;
    if (scanf("%d", &lanterns) != 1) return 1;
    int *where = (int *)(long)nothing;
    printf("%d\n", *where / lanterns);
}
