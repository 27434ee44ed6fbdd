"""Makes sources runnable: in a sandbox of its own, once for the same sources and toolchain."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import msgspec

from codetrack.judge.errors import Fault, JudgeError, UnknownLanguage
from codetrack.judge.languages import artefacts
from codetrack.judge.languages.sources import (
    MOST_TEXT,
    CompileError,
    Sources,
    arrange,
    tidy,
)
from codetrack.judge.languages.store import Entry, Store
from codetrack.judge.languages.table import Language, fill, filled, why_not
from codetrack.judge.values import MIB, Data, Limits, Profile, Result, Spec, Submission, Verdict

FORMAT = b"1"  # of an entry in the store
VERSION_LIMITS = Limits(
    cpu=10, wall=20, memory=512 * MIB, processes=64, files=256, address_space=False
)
VERSION_LENGTH = 120
SOURCES = "{sources}"
HELLO_INPUT, HELLO_OUTPUT = b"5\n", b"hello 5"


class Runs(Protocol):
    """What is needed of a sandbox."""

    def run(self, work: Spec, /) -> Result: ...

    def folder(self, name: str, /) -> AbstractContextManager[Path]: ...


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program that can be run. `text` is what the compiler said, in at most 64 KiB."""

    language: Language
    main: str  # name of the main source file
    main_class: str
    entry: Entry

    @property
    def text(self) -> str:
        return self.entry.meta.text

    def spec(
        self,
        *,
        limits: Limits,
        stdin: Data = Data(),  # noqa: B008 - a frozen value
        arguments: tuple[str, ...] = (),
        files: Mapping[str, Data] | None = None,
    ) -> Spec:
        """One run of it, with the problem's `limits` made fit for its language."""
        language = self.language
        values = {
            "mem": str(max(limits.memory // MIB, 1)),
            "source": self.main,
            "main": self.main_class,
        }
        return Spec(
            argv=(*filled(language.run, values), *arguments),
            stdin=stdin,
            limits=fitted(limits, language),
            profile=Profile.RUN_ALONE if language.deny_fork else Profile.RUN,
            box=self.entry.box,
            files=files or {},
            binds=language.binds,
            env={name: fill(value, values) for name, value in language.env.items()},
            proc=language.proc,
        )


def fitted(limits: Limits, language: Language) -> Limits:
    """The limits of a problem, with what the language's own runtime needs beside."""
    return replace(
        limits,
        cpu=limits.cpu * language.time_factor,
        wall=limits.wall * language.time_factor,
        memory=limits.memory + language.memory_extra * MIB,
        processes=max(limits.processes, language.processes),
        files=max(limits.files, language.files),
        address_space=limits.address_space and language.address_space,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageState:
    """A language on this machine: usable, or `why` not. `compiled` and `ran` are the seconds of a
    first program, where one was tried."""

    id: str
    name: str
    extensions: tuple[str, ...]
    version: str = ""
    usable: bool = True
    why: str = ""
    compiled: float = 0.0
    ran: float = 0.0


class Compiler:
    """Compiles in the sandbox, and remembers in the store."""

    def __init__(self, sandbox: Runs, languages: Mapping[str, Language], store: Store) -> None:
        self._sandbox = sandbox
        self.table = languages
        self._store = store
        self._versions: dict[str, bytes] = {}

    def compile(
        self, submission: Submission, *, shared: Mapping[str, bytes] | None = None
    ) -> Compiled:
        """Make it runnable. `shared` are files of the problem.

        Raises CompileError, UnknownLanguage, and Fault when no sandbox could be made.
        """
        language = self._language(submission.language)
        sources = arrange(language, submission, shared or {})
        key = self._key(language, sources)
        entry = self._store.find(key) or self._make(language, sources, key)
        if not entry.meta.ok:
            raise CompileError(entry.meta.text)
        return Compiled(language, sources.main, sources.main_class, entry)

    def languages(self) -> list[LanguageState]:
        """All of the table, with their versions."""
        return [self._state(language) for language in self.table.values()]

    def _language(self, key: str) -> Language:
        language = self.table.get(key)
        if language is None:
            raise UnknownLanguage(f"There is no language {key!r} here.")
        if why := why_not(language):
            raise UnknownLanguage(f"{language.name} cannot be used here: {why}")
        return language

    def _state(self, language: Language) -> LanguageState:
        known = LanguageState(id=language.id, name=language.name, extensions=language.extensions)
        if why := why_not(language):
            return replace(known, usable=False, why=why)
        try:
            version = self._version(language).decode(errors="replace").strip()
        except UnknownLanguage as error:
            return replace(known, usable=False, why=str(error))
        return replace(known, version=version.partition("\n")[0][:VERSION_LENGTH])

    def _version(self, language: Language) -> bytes:
        """What its compiler says of itself; asked once. Raises UnknownLanguage."""
        if language.id not in self._versions:
            spec = Spec(
                argv=language.version,
                limits=VERSION_LIMITS,
                profile=Profile.COMPILE,
                binds=language.binds,
            )
            result = self._sandbox.run(spec)
            if result.verdict is not Verdict.OK:
                command = " ".join(language.version)
                raise UnknownLanguage(f"{command} does not work here: {_complaint(result)}")
            self._versions[language.id] = result.stdout.read(MOST_TEXT) + result.stderr.read(
                MOST_TEXT
            )
        return self._versions[language.id]

    def _key(self, language: Language, sources: Sources) -> str:
        """A hash of all that the artefact depends on."""
        table = msgspec.json.encode(language)
        parts = [FORMAT, table, self._version(language), sources.main.encode()]
        for name in sorted(sources.files):
            parts += [name.encode(errors="surrogateescape"), sources.files[name]]
        digest = hashlib.sha256()
        for part in parts:
            digest.update(len(part).to_bytes(8))
            digest.update(part)
        return digest.hexdigest()

    def _make(self, language: Language, sources: Sources, key: str) -> Entry:
        with self._sandbox.folder("compile") as folder:
            source, out = folder / "src", folder / "out"
            for made in (source, out):
                made.mkdir(mode=0o700)
            for name, content in sources.files.items():
                (source / name).write_bytes(content)
            text = ""
            if language.compile:
                result = self._sandbox.run(_spec(language, sources, source, out))
                text = _words(result)
                if complaint := _exceeded(language, result):
                    raise CompileError(_joined(complaint, text))
                if result.verdict is not Verdict.OK:
                    return self._store.keep(key, text=text or _ending(result))

            def filled_box(box: Path) -> None:
                _fill(box, out, language, sources)

            return self._store.keep(key, text=text, fill=filled_box)


def _spec(language: Language, sources: Sources, source: Path, out: Path) -> Spec:
    values = {"source": sources.main, "main": sources.main_class}
    argv: list[str] = []
    for part in filled(language.compile, values):
        if part == SOURCES:
            argv += [f"/src/{name}" for name in sources.compiled]
        else:
            argv.append(part)
    return Spec(
        argv=tuple(argv),
        limits=language.compile_limits.limits(),
        profile=Profile.COMPILE,
        source=source,
        out=out,
        binds=language.binds,
        env=language.compile_env,
    )


def _fill(box: Path, out: Path, language: Language, sources: Sources) -> None:
    """Put what is run into the store. Raises CompileError."""
    try:
        artefacts.copy(out, box)
    except artefacts.BadArtefact as error:
        raise CompileError(str(error)) from error
    if language.keep_sources:
        for name, content in sources.files.items():
            (box / name).write_bytes(content)
    program = language.run[0]
    if program.startswith("/box/") and not (box / program.removeprefix("/box/")).is_file():
        raise CompileError("The compiler made no program of it.")


def _words(result: Result) -> str:
    """What the compiler said, tidied: its errors first."""
    parts = (result.stderr.read(MOST_TEXT + 1), result.stdout.read(MOST_TEXT + 1))
    return tidy(b"\n".join(filter(None, (part.strip() for part in parts))))


def _exceeded(language: Language, result: Result) -> str:
    """Which limit it met, in plain words."""
    limits = language.compile_limits
    match result.verdict:
        case Verdict.IE:
            raise Fault(f"The compiler could not be run: {result.message}")
        case Verdict.MLE:
            return f"The compiler used more than {limits.memory} MiB of memory."
        case Verdict.TLE:
            return f"The compiler took longer than {limits.cpu:g} seconds."
        case Verdict.OLE:
            return f"The compiler wrote more than {limits.output} MiB, or too many files."
    return ""


def _joined(complaint: str, text: str) -> str:
    return tidy(f"{complaint}\n{text}".strip().encode())


def _ending(result: Result) -> str:
    if result.signal is not None:
        return f"The compiler was ended by signal {result.signal}."
    return f"The compiler ended with exit code {result.exit_code} and said nothing."


def _complaint(result: Result) -> str:
    words = _words(result).partition("\n")[0] or result.message
    return words[:VERSION_LENGTH]


def probe(compiler: Compiler, sandbox: Runs) -> list[LanguageState]:
    """Compile and run a first program in every language, and time it."""
    states = compiler.languages()
    return [_tried(compiler, sandbox, state) if state.usable else state for state in states]


def _tried(compiler: Compiler, sandbox: Runs, state: LanguageState) -> LanguageState:
    language = compiler.table[state.id]
    submission = Submission(state.id, {language.source: language.hello.encode()})
    began = time.perf_counter()
    try:
        compiled = compiler.compile(submission)
        done = time.perf_counter()
        result = sandbox.run(compiled.spec(limits=Limits(cpu=10), stdin=Data(HELLO_INPUT)))
    except (CompileError, JudgeError) as error:
        return replace(state, usable=False, why=f"A first program did not compile: {error}")
    ran = time.perf_counter() - done
    if result.verdict is not Verdict.OK or result.stdout.read().strip() != HELLO_OUTPUT:
        why = f"A first program did not run: {result.verdict} {_complaint(result)}".strip()
        return replace(state, usable=False, why=why)
    return replace(state, compiled=done - began, ran=ran)
