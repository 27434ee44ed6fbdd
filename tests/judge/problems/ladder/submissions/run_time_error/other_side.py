from math import sqrt

length, distance = map(float, input().split())
print(sqrt(distance**2 - length**2), 0)
