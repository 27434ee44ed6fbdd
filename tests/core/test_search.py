"""Finding by the beginnings of words, alike on both databases."""

from __future__ import annotations

import pytest
from django.db import connection

from codetrack.core import search
from codetrack.core.models import Entry

pytestmark = pytest.mark.django_db


def test_every_word_has_to_begin_a_word() -> None:
    search.put("member", 1, "Alice Crème", "graphs and geometry")
    search.put("member", 2, "Alicia Keyes", "strings")
    assert set(search.find("member", "ali")) == {1, 2}
    assert search.find("member", "ali key") == [2]
    assert search.find("member", "alice strings") == []
    assert search.find("member", "lice") == []


def test_case_accents_and_punctuation_do_not_matter() -> None:
    search.put("member", 1, "Crème_Brûlée", "o'neil@example.org")
    for text in ["creme", "BRÛL", "brulee, crème", "o'neil", "example.org", "O’NEIL"]:
        assert search.find("member", text) == [1], text


def test_a_title_counts_more_than_a_body() -> None:
    search.put("problem", 1, "Two sums", "about a tree")
    search.put("problem", 2, "A tree of sums", "about numbers")
    assert search.find("problem", "tree") == [2, 1]


def test_kinds_are_found_apart() -> None:
    search.put("member", 7, "Tree")
    search.put("problem", 8, "Tree")
    assert search.find("member", "tree") == [7]


def test_what_changed_is_found_by_its_new_words_only() -> None:
    search.put("member", 1, "Alice")
    search.put("member", 1, "Bobby")
    assert search.find("member", "alice") == []
    assert search.find("member", "bob") == [1]
    search.drop("member", 1)
    assert search.find("member", "bob") == []
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "text", ["", "   ", '"', "* OR", "a' & b | !", "((", "🙂", "NEAR(a b)", "%"]
)
def test_any_text_may_be_asked_for(text: str) -> None:
    search.put("member", 1, "Zoe")
    assert search.find("member", text) == []


def test_other_scripts_are_found() -> None:
    search.put("member", 1, "Михаил Мирзаянов")
    search.put("member", 2, "田中太郎")
    assert search.find("member", "мирза") == [1]
    assert search.find("member", "田中") == [2]


def test_no_more_than_asked_for() -> None:
    for number in range(30):
        search.put("member", number, f"Tree {number}")
    assert len(search.find("member", "tree")) == 20
    assert len(search.find("member", "tree", limit=5)) == 5


def test_the_index_is_used() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite can search this table by its index alone.")
    Entry.objects.bulk_create(
        Entry(kind="member", ref=number, title=f"member{number} tree{number % 500}")
        for number in range(5000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE core_entry")
        cursor.execute("EXPLAIN " + search.POSTGRESQL, ["tree12:*", "member", 20])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "entry_words" in plan
