/* By the bare instructions, without a library: sends "CPU time is over" to whoever started it. */
#include <stdio.h>

static long bare(long number, long first, long second)
{
    long came;
#if defined(__x86_64__)
    __asm__ volatile("syscall" : "=a"(came) : "a"(number), "D"(first), "S"(second) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = first;
    register long x1 __asm__("x1") = second;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1) : "memory");
    came = x0;
#endif
    return came;
}

#if defined(__x86_64__)
enum { KILL = 62, GETPPID = 110 };
#elif defined(__aarch64__)
enum { KILL = 129, GETPPID = 173 };
#endif

int main(void)
{
    enum { SIGXCPU_HERE = 24 };
    bare(KILL, bare(GETPPID, 0, 0), SIGXCPU_HERE);
    puts("still here");
    return 0;
}
