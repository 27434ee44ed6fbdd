from math import acos, degrees, sqrt

length, distance = map(float, input().split())
print(f"{sqrt(length**2 - distance**2):.2f} {degrees(acos(distance / length)):.2f}")
