# Leaves files without an end beside the program.
echo 'echo small' > /out/program
count=0
while :; do
    count=$((count + 1))
    : > /out/$count
done
