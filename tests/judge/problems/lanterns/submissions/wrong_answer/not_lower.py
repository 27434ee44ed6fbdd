input()
seen = highest = 0
for height in map(int, input().split()):
    if height >= highest:  # one of the same height is hidden, too
        seen, highest = seen + 1, height
print(seen)
