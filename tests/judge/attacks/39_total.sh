# Leaves ten files, each as long as a file may be, beside the program.
echo 'echo small' > /out/program
for count in 1 2 3 4 5 6 7 8 9 10; do
    yes | head -c 33554432 > /out/$count
done
