// 512 MiB in one piece; nobody catches what is thrown.
#include <cstdio>

int main()
{
    auto cube = new int[512][512][512];
    cube[1][2][3] = 1;
    std::printf("%p\n", static_cast<void *>(cube));
}
