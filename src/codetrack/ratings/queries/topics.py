"""The topics of problems under one name, whatever a platform calls them."""

from __future__ import annotations

# Two words of one platform never share a name: a problem with both would count twice.
SAME = {
    "2-sat": "2-SAT",
    "bfs": "Breadth-first search",
    "bitmask": "Bitmasks",
    "dfs and similar": "Depth-first search",
    "dp": "Dynamic programming",
    "dsu": "Union find",
    "fft": "FFT",
    "game theory": "Games",
    "graph": "Graphs",
    "graph theory": "Graphs",
    "mathematics": "Math",
    "matrix": "Matrices",
    "probability and statistics": "Probabilities",
    "shortest path": "Shortest paths",
    "sortings": "Sorting",
    "string": "Strings",
    "tree": "Trees",
    "union-find": "Union find",
}


def topic(word: str) -> str:
    """The name of a topic; empty for a mark of the platform that is none, such as `*special`."""
    key = " ".join(word.lower().split())
    if not key or key.startswith("*"):
        return ""
    return SAME.get(key) or key[:1].upper() + key[1:]
