first, second = (set(input().split()) for _ in range(2))
for name in sorted(first & second, reverse=True):
    print(name)
