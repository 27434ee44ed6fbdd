// Plays as it should, but what it says stays in its own memory: both wait.
#include <cstdio>

int main()
{
    static char kept[1 << 16], said[100];
    std::setvbuf(stdout, kept, _IOFBF, sizeof kept);
    int low = 1, high = 1000;
    for (;;) {
        const int guess = (low + high) / 2;
        std::printf("%d\n", guess);
        if (std::scanf("%99s", said) != 1 || said[0] == 'r')
            return 0;
        said[0] == 'm' ? low = guess + 1 : high = guess - 1;
    }
}
