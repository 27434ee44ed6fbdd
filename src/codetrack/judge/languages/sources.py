"""What a member hands in: are the names of the files fit, and which of them is the main one?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from codetrack.judge.languages.table import Language
from codetrack.judge.values import KIB, MIB, Submission

MOST_TEXT = 64 * KIB
MOST_NAME = 100
MOST_NAME_BYTES = 240
MOST_FILES = 100
MOST_BYTES = MIB
CUT = "\n… cut"
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])?")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
INSIDE = re.compile(r"(?<![\w./])/(?:src|out)/(?=[^\s/])")


class CompileError(Exception):
    """The sources do not compile; `text` says why, for their author, in at most 64 KiB."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True)
class Sources:
    """All files of a compilation; `compiled` are the names of those that are not headers."""

    files: Mapping[str, bytes]
    main: str
    compiled: tuple[str, ...]
    main_class: str = ""


def arrange(language: Language, submission: Submission, shared: Mapping[str, bytes]) -> Sources:
    """The files as they are compiled; of two with the same name, the problem's own one counts.

    Raises CompileError.
    """
    if not submission.files:
        raise CompileError("There is no source file.")
    if len(submission.files) > MOST_FILES:
        raise CompileError(f"There are more than {MOST_FILES} files.")
    if sum(map(len, submission.files.values())) > MOST_BYTES:
        raise CompileError(f"The files are larger than {MOST_BYTES // MIB} MiB together.")
    own = dict(submission.files)
    main = next(iter(own))
    main_class = ""
    for name in own:
        check_name(name, language, main=name == main)
    if language.public_class:
        main, own, main_class = _by_class(language, main, own)
    files = {**own, **shared}
    compiled = [name for name in files if name.endswith(language.extensions)]
    return Sources(files, main, tuple(compiled), main_class)


def check_name(name: str, language: Language, *, main: bool) -> None:
    """Raises CompileError."""
    fit = name.isprintable() and not set(name) & set("/\\") and name[:1] not in {"", "-", ".", "@"}
    if not fit or len(name) > MOST_NAME or len(name.encode(errors="replace")) > MOST_NAME_BYTES:
        raise CompileError(
            f"A file cannot be called {name[:MOST_NAME]!r}: at most {MOST_NAME} letters, digits"
            " and the like, the first one not a dot or a dash."
        )
    endings = language.extensions if main else (*language.extensions, *language.headers)
    if not name.endswith(endings) or name in endings:
        raise CompileError(
            f"{name} does not look like {language.name}: names end in {' or '.join(endings)}."
        )


def tidy(said: bytes) -> str:
    """What a compiler said, fit for a page: no colours, no paths of the sandbox, not too long."""
    cut = len(said) > MOST_TEXT
    text = said[: 2 * MOST_TEXT].decode(errors="replace").replace("\r\n", "\n")
    text = INSIDE.sub("", CONTROLS.sub("", ESCAPES.sub("", text)))
    encoded = text.encode()
    if cut or len(encoded) > MOST_TEXT:
        room = MOST_TEXT - len(CUT.encode())
        return encoded[:room].decode(errors="ignore") + CUT
    return text


# --- Java: a public class is in a file of its name

NOISE = re.compile(
    r'"""[\s\S]*?(?:"""|\Z)|"(?:\\.|[^"\\\n])*"?|\'(?:\\.|[^\'\\\n])*\'?'
    r"|//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)"
)
WORD = re.compile(r"[{};]|[\w$.]+")
KINDS = frozenset({"class", "interface", "enum", "record"})


@dataclass(slots=True)
class _Type:
    """A type that a Java file declares outside of any other."""

    name: str
    public: bool
    package: str
    has_main: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.package}.{self.name}" if self.package else self.name


def _by_class(
    language: Language, main: str, files: Mapping[str, bytes]
) -> tuple[str, dict[str, bytes], str]:
    """The main file called like its class, the files so, and the class that is run."""
    types = {name: list(java_types(files[name])) for name in files}
    own = types[main]
    first = next(iter(sorted(own, key=lambda t: (not t.public, not t.has_main))), None)
    name = f"{first.name}{language.extensions[0]}" if first else language.source
    check_name(name, language, main=True)
    every = [found for listed in types.values() for found in listed]
    started = next((found for found in every if found.has_main), first)
    others = {other: files[other] for other in files if other not in {main, name}}
    started_name = started.full_name if started else language.source.partition(".")[0]
    return name, {name: files[main], **others}, started_name


def java_types(source: bytes) -> Iterator[_Type]:
    """The outermost types of a file, and whether they have a `main`; a guess where it is wrong."""
    words = WORD.findall(NOISE.sub(" ", source.decode(errors="replace")))
    depth, public, package = 0, False, ""
    current: _Type | None = None
    for before, word in zip(["", *words], words, strict=False):
        if word in "{}":
            depth += 1 if word == "{" else -1
        elif depth == 0:
            package = word if before == "package" else package
            public = (public and word != ";" and before != "}") or word == "public"
            if before in KINDS:
                if current:
                    yield current
                current, public = _Type(word, public, package), False
        elif depth == 1 and current and (before, word) == ("void", "main"):
            current.has_main = True
    if current:
        yield current
