#include <stdio.h>

int main(void) {
    int postage, eights;
    if (scanf("%d", &postage) != 1) return 1;
    for (eights = postage / 8; eights >= 0 && (postage - 8 * eights) % 5; --eights);
    if (eights < 0) puts("impossible");
    else printf("%d %d\n", (postage - 8 * eights) / 5, eights);
}
