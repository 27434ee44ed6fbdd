/* A wrong line, a hundred thousand times. */
#define A(x) x x x x x x x x x x
#define B(x) A(A(x))
int main(void)
{
    B(A(A(wrong = 1;)))
    return 0;
}
