name = input()
edge = "*" * (len(name) + 4)
print(edge, f"* {name} *", edge, sep="\n")
