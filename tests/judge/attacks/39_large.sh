# Leaves 64 MiB and one byte more where the program should be, in pieces and by a hole.
head -c 67108865 /dev/zero > /out/program || truncate -s 67108865 /out/program
