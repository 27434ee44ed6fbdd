"""One file a question; its last line is figures, a named baseline, a goal, and ok or SHORT."""
