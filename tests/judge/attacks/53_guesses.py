"""Plays as it should: the others are compared with it."""

low, high = 1, 1000
while True:
    guess = (low + high) // 2
    print(guess, flush=True)
    said = input()
    if said == "right":
        break
    low, high = (guess + 1, high) if said == "more" else (low, guess - 1)
