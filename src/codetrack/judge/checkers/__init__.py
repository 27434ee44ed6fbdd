"""Is an output right? Comparisons of our own, and the programs that a problem brings for it."""
