postage = int(input())
print(-3 * postage, 2 * postage)  # adds up, but for the stamps one would have to have
