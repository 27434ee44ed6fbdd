# Leaves a pipe that nobody writes to where the program should be.
mkfifo /out/program
