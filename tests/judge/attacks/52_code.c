/* Ends with the code of a shell whose child was killed. */
int main(void)
{
    return 137;
}
