# Leaves a folder where the program should be, and a link to it beside.
mkdir /out/program
ln -s program /out/more
