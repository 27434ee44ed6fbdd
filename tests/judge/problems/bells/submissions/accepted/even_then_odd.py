bells = int(input())
print(*range(2, bells + 1, 2), *range(1, bells + 1, 2))
