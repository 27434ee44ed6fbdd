/* Its other half is no source text. */
extern int other(void);

int main(void)
{
    return other();
}
