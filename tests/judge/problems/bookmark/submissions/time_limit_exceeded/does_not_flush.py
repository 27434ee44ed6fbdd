import sys

first, last, said = 1, 1000, ""
while said != "found":
    page = (first + last) // 2
    print(page)
    said = sys.stdin.readline().strip()
    if said == "later":
        first = page + 1
    else:
        last = page - 1
