"""One run of one program: namespaces by bubblewrap, system calls by seccomp, limits by rlimits."""
