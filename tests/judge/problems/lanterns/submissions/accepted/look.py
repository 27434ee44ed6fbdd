input()
seen = highest = 0
for height in map(int, input().split()):
    if height > highest:
        seen, highest = seen + 1, height
print(seen)
