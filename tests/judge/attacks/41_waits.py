"""An interactor that works for ever and never says a word."""

while True:
    pass
