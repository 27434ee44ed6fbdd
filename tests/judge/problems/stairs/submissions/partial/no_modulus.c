#include <stdio.h>

int main(void) {
    long long n, before = 0, ways = 1, next;
    if (scanf("%lld", &n) != 1) return 1;
    if (n > 2000) return 3;
    while (n--) next = before + ways, before = ways, ways = next;
    printf("%lld\n", ways);
}
