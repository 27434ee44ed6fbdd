/* Takes itself in twice, twenty-six levels deep, with a long warning each time: 2^26 of them. */
#ifndef DEPTH
#define DEPTH 0
int main(void)
{
    return 0;
}
#endif
#if __INCLUDE_LEVEL__ < 26
#warning once more {{long}} {{long}} {{long}} {{long}} {{long}} {{long}} {{long}} {{long}} {{long}} {{long}}
#include __FILE__
#include __FILE__
#endif
