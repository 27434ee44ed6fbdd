// Asks the clock for ten seconds: no system call is made, so nothing but the CPU time shows.
#include <chrono>

int main()
{
    using clock = std::chrono::steady_clock;
    const auto end = clock::now() + std::chrono::seconds(10);
    while (clock::now() < end)
        ;
}
