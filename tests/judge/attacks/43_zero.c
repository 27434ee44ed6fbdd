/* A source text of zeros without an end. */
#include "/dev/zero"
