// Called as `check input output answer`; says 0 right, 1 wrong, 2 not as asked for, 3 own failure,
// 7 some of the points.
#include <cstdio>
#include <vector>
#include "words.h"

enum { RIGHT = 0, WRONG = 1, FORM = 2, FAILURE = 3, POINTS = 7 };

static int say(int code, const char *text) {
    std::fprintf(stderr, "%s\n", text);
    return code;
}

int main(int count, char **arguments) {
    if (count < 3) return say(FAILURE, "files are missing");
    Words input(arguments[1]), output(arguments[2]);
    int bells = input.next(), pairs = 0, before = -1;
    if (bells < 4) return say(FAILURE, "the input is not as the statement says");
    std::vector<bool> rung(bells + 1);
    for (int left = bells; left; --left) {
        int bell = output.next();
        if (output.broken) return say(FORM, "something that is no number");
        if (bell < 1 || bell > bells) return say(WRONG, "a bell is missing, or there is none so");
        if (rung[bell]) return say(WRONG, "a bell is rung twice");
        rung[bell] = true;
        pairs += before == bell - 1 || before == bell + 1;
        before = bell;
    }
    if (output.next() != -1 || output.broken) return say(FORM, "more than the bells");
    if (pairs == 1) return say(POINTS, "points 0.5");
    return pairs ? say(WRONG, "neighbours follow each other") : say(RIGHT, "well rung");
}
