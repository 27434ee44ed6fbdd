#include <stdio.h>

int main(void) {
    long long n, before = 0, ways = 1, next;
    if (scanf("%lld", &n) != 1) return 1;
    while (n--) {
        next = (before + ways) % 1000000007;
        before = ways;
        ways = next;
    }
    printf("%lld\n", ways);
}
