postage = int(input())
ways = [(rest // 5, (postage - rest) // 8) for rest in range(postage, -1, -8) if rest % 5 == 0]
print(*ways[0] if ways else ["impossible"])
