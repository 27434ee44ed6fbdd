from math import acos, degrees, sqrt

length, distance = map(float, input().split())
print(sqrt(length**2 - distance**2), degrees(acos(distance / length)))
