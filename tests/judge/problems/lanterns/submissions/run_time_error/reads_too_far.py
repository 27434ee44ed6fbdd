input()
heights = list(map(int, input().split()))
print(sum(heights[i] < heights[i + 1] for i in range(len(heights))))
