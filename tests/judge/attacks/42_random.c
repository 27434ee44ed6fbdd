/* A source text of random bytes without an end. */
#include "/dev/urandom"
