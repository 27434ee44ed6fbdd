"""The languages of the judge: a table, and the compiler that makes sources runnable."""

from codetrack.judge.languages.compiler import Compiled, Compiler, LanguageState, probe
from codetrack.judge.languages.sources import CompileError
from codetrack.judge.languages.store import Store
from codetrack.judge.languages.table import BadTable, Language, load

__all__ = [
    "BadTable",
    "CompileError",
    "Compiled",
    "Compiler",
    "Language",
    "LanguageState",
    "Store",
    "load",
    "probe",
]
