// Has the compiler count: to be known before the program is.
constexpr unsigned long count(unsigned long to)
{
    unsigned long sum = 0;
    for (unsigned long number = 0; number < to; ++number)
        for (unsigned long other = 0; other < to; ++other)
            sum += number ^ other;
    return sum;
}

static_assert(count(1UL << 30) == 1, "never known");

int main()
{
}
