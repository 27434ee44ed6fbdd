# Leaves 64 MiB and one byte more where the program should be, in pieces and by a hole.
yes | head -c 67108865 > /out/program || truncate -s 67108865 /out/program
