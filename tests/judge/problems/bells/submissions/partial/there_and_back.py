bells = int(input())
print(*range(1, bells + 1, 2), *reversed(range(2, bells + 1, 2)))
