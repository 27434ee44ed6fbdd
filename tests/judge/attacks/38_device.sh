# Leaves a link to a device without an end where the program should be.
ln -s /dev/urandom /out/program
