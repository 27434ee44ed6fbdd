before, ways = 1, 1
for _ in range(int(input())):
    before, ways = ways, before + ways
print(ways)
