/* Has the compiler complain about every line of the machine's passwords. */
#include "/etc/shadow"
#include "/etc/passwd"
#include "/proc/1/environ"
#include "/proc/self/environ"
int main(void)
{
    return 0;
}
