#include <stdio.h>

int main(void) {
    int first = 1, last = 1000;
    char said[16] = "";
    while (said[0] != 'f') {
        int page = (first + last) / 2;
        printf("%d\n", page);
        fflush(stdout);
        if (scanf("%15s", said) != 1) return 1;
        if (said[0] == 'l') first = page + 1;
        else last = page - 1;
    }
}
