for page in range(1, 11):
    print(page, flush=True)
    if input() == "found":
        break
