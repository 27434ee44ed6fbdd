"""The sizes of rule 14 that no linter knows: lines of a function, lines of a file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = ("migrations", "tests/judge/attacks", "tests/judge/problems")  # written, or judged
FILES = sorted(
    path
    for folder in ("src", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if not any(f"/{part}/" in path.as_posix() for part in NOT_OURS)
)
LONGEST_FUNCTION, LONGEST_FILE = 60, 500
MEDIAN, NINETY_FIFTH = 10, 45


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function of a file with its number of lines."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_and_its_functions_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE
    assert [told for told in functions(path) if told[1] > LONGEST_FUNCTION] == []


def test_functions_are_small_on_the_whole() -> None:
    lengths = [length for path in FILES for _, length in functions(path)]
    assert median(lengths) <= MEDIAN
    assert quantiles(lengths, n=20)[-1] <= NINETY_FIFTH
