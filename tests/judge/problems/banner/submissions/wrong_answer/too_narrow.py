name = input()
edge = "*" * (len(name) + 2)
print(edge, f"* {name} *", edge, sep="\n")
