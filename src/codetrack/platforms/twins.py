"""Problems that a platform lists twice: those of a Div. 1 and a Div. 2 round held together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from .values import Problem


def twins(problems: Iterable[Problem], starts: Mapping[str, datetime]) -> dict[str, str]:
    """The key of each problem that is there twice, with the key of the one that stands for both.

    A problem of a Div. 1 and a Div. 2 round has two ids. They share their name, the moment both
    contests start (`starts`, by contest key) and their difficulty; by the name alone hundreds of
    unrelated problems would be one. The catalogue lists one of the two, the other is only seen
    with attempts: pass the catalogue first.
    """
    groups: dict[tuple[str, datetime], list[Problem]] = defaultdict(list)
    doubles: dict[str, str] = {}
    for problem in problems:
        start = starts.get(problem.contest_key or "")
        if start is None:
            continue
        group = groups[problem.title, start]
        original = next((other for other in group if _same(problem, other)), None)
        if original is None:
            group.append(problem)
        elif original.key != problem.key:
            doubles[problem.key] = original.key
    return doubles


def _same(one: Problem, other: Problem) -> bool:
    if one.key == other.key:
        return True
    apart = one.contest_key != other.contest_key
    return apart and (
        one.difficulty == other.difficulty or None in (one.difficulty, other.difficulty)
    )
