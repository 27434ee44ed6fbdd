"""The countries a member can live in, by their two letters (ISO 3166-1), named by CLDR."""

from __future__ import annotations

import unicodedata
from functools import cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from codetrack.core.errors import Problem

# What CLDR names beside countries: parts of them, groups of them, and none at all.
NONE = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)


def offered() -> list[tuple[str, str]]:
    """Every country with its name in the language of the page, in the order of the names."""
    return list(_named(to_locale(get_language() or "en")).items())


def name(code: str) -> str:
    """The name of a country in the language of the page; empty for what is none."""
    return _named(to_locale(get_language() or "en")).get(code, "")


def known(code: str) -> str:
    """The two letters as they are kept; empty means not said. Raises Problem for what is none."""
    code = code.upper()
    if code and code not in _named("en"):
        raise Problem(_("Choose a country from the list."), code="bad_country", field="country")
    return code


@cache
def _named(locale: str) -> dict[str, str]:
    try:
        territories = Locale.parse(locale).territories
    except (UnknownLocaleError, ValueError):
        territories = Locale.parse("en").territories
    found = {code: text for code, text in territories.items() if _is_country(code)}
    return dict(sorted(found.items(), key=lambda row: _spelt(row[1])))


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isalpha() and code not in NONE


def _spelt(text: str) -> str:
    """As an alphabetical list takes it: Åland stands with A."""
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(letter)
    ).casefold()
