from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetrack.judge.sandbox.bpf import Ask, Branch, Load, Node, Return, assemble, one_of, search
from tests.judge.filters import execute, loadable

words = st.integers(0, 0xFFFF_FFFF)
few = st.sampled_from([0, 1, 2, 7, 255, 256, 0x8000_0000, 0xFFFF_FFFF])
returns = st.builds(Return, words)
trees = st.recursive(
    returns,
    lambda inner: st.one_of(
        st.builds(Load, st.sampled_from([0, 4, 16, 24]), inner),
        st.builds(Branch, st.sampled_from(Ask), few, inner, inner),
    ),
    max_leaves=60,
)


def walk(node: Node, data: bytes, word: int = 0) -> int:
    match node:
        case Return(action):
            return action
        case Load(offset, then):
            return walk(then, data, struct.unpack_from("<I", data, offset)[0])
        case Branch(ask, value, yes, no):
            answers = {
                Ask.EQUAL: word == value,
                Ask.AT_LEAST: word >= value,
                Ask.ANY_BIT: word & value != 0,
            }
            return walk(yes if answers[ask] else no, data, word)


@given(trees, st.lists(few, min_size=16, max_size=16))
def test_a_program_says_what_its_tree_says(tree: Node, data: list[int]) -> None:
    asked = struct.pack("<16I", *data)
    program = assemble(tree)
    assert loadable(program)
    assert execute(program, asked) == walk(tree, asked)


@given(st.dictionaries(words, returns, min_size=1, max_size=300), st.lists(words, max_size=20))
def test_a_search_finds_the_case_that_a_list_would(
    cases: dict[int, Return], asked: list[int]
) -> None:
    program = assemble(Load(0, search(sorted(cases.items()))))
    for word in [*asked, *cases]:
        below = [start for start in sorted(cases) if start <= word] or [min(cases)]
        assert execute(program, struct.pack("<16I", word, *[0] * 15)) == cases[below[-1]].action


@pytest.mark.parametrize("leaves", [127, 128, 129, 1000])  # 253, 255, 257, 1999 instructions
def test_a_jump_may_be_longer_than_a_conditional_one(leaves: int) -> None:
    far = search([(number, Return(number)) for number in range(leaves)])
    program = assemble(Load(0, Branch(Ask.AT_LEAST, 5000, Return(5000), far)))
    assert loadable(program)
    for word, action in ((9999, 5000), (leaves - 1, leaves - 1), (1, 1), (0, 0)):
        assert execute(program, struct.pack("<16I", word, *[0] * 15)) == action


def test_a_program_longer_than_the_kernel_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="more than the 4096"):
        assemble(search([(number, Return(number)) for number in range(2049)]))


def test_one_of_a_few_values() -> None:
    program = assemble(Load(4, one_of([3, 5], Return(1), Return(0))))
    got = [execute(program, struct.pack("<II", 9, word)) for word in range(7)]
    assert got == [0, 0, 0, 1, 0, 1, 0]


def test_a_search_is_short_to_run() -> None:
    tree = search([(number, Return(number)) for number in range(512)])
    depth, level = 0, [tree]
    while level := [n for b in level if isinstance(b, Branch) for n in (b.yes, b.no)]:
        depth += 1
    assert depth == 9
