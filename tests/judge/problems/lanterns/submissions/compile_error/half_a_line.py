for height in map(int, input().split(
