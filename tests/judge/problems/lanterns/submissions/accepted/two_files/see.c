#include "see.h"

int is_seen(long height) {
    static long highest = 0;
    if (height <= highest) return 0;
    highest = height;
    return 1;
}
