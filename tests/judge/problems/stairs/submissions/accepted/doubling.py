MODULUS = 1_000_000_007


def pair(n):
    """The n-th Fibonacci number and the one after it."""
    if n == 0:
        return 0, 1
    low, high = pair(n // 2)
    even = low * (2 * high - low) % MODULUS
    odd = (low * low + high * high) % MODULUS
    return (odd, (even + odd) % MODULUS) if n % 2 else (even, odd)


print(pair(int(input()) + 1)[0])
