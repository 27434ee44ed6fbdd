# A compiler that never comes to an end.
while :; do
    :
done
