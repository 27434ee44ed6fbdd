"""A checker that takes memory for ever."""

kept = []
while True:
    kept.append(bytes([1]) * 2**24)
