/* One error about one word of four million letters: each line doubles the word four times. */
#define JOIN(a, b, c, d) a##b##c##d
#define FOUR(x) JOIN(x, x, x, x)
#define W0 wrong
#define W1 FOUR(W0)
#define W2 FOUR(W1)
#define W3 FOUR(W2)
#define W4 FOUR(W3)
#define W5 FOUR(W4)
#define W6 FOUR(W5)
#define W7 FOUR(W6)
#define W8 FOUR(W7)
#define W9 FOUR(W8)
#define W10 FOUR(W9)
int main(void)
{
    return W10;
}
