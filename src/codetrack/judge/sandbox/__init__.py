"""One run of one program: namespaces by bubblewrap, system calls by seccomp, limits by rlimits."""

from codetrack.judge.sandbox.sandbox import Conversation, Gone, Prepared, Sandbox

__all__ = ["Conversation", "Gone", "Prepared", "Sandbox"]
