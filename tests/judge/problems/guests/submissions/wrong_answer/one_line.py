first, second = (set(input().split()) for _ in range(2))
print(*sorted(first & second))
