first, second = (set(input().split()) for _ in range(2))
for name in first | second:
    print(name)
