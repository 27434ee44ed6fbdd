"""Compiling: which files are taken, what is said of a failure, and that it is done once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest

from codetrack.judge.client import Judge
from codetrack.judge.errors import Fault, UnknownLanguage
from codetrack.judge.languages import CompileError, Compiler, Language, Store, load, probe
from codetrack.judge.languages.sources import MOST_TEXT, java_types, tidy
from codetrack.judge.values import (
    MIB,
    Limits,
    Output,
    Profile,
    Result,
    Spec,
    Submission,
    Verdict,
    in_memory,
)

#: The programs of a table that every machine has: none of them is run here.
TABLE = {
    key: msgspec.structs.replace(language, version=("/usr/bin/env",), binds=())
    for key, language in load({}).items()
}
C = "int main() {}"

type Does = Callable[[Spec], Result]


def ran(verdict: Verdict = Verdict.OK, said: bytes = b"", **more: Any) -> Result:
    return Result(
        verdict=verdict, stdout=Output(in_memory(b"")), stderr=Output(in_memory(said)), **more
    )


def compiles(spec: Spec) -> Result:
    assert spec.out is not None
    (spec.out / "main").write_bytes(b"program")
    return ran()


def fails(said: bytes = b"no such variable", **more: Any) -> Does:
    return lambda spec: ran(Verdict.RE, said, exit_code=1, **more)


class FakeSandbox:
    """Runs nothing: `does` answers for a compiler, `version` for one asked for its version."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.does: Does = compiles
        self.version = ran(said=b"compiler 1.0")
        self.compilations: list[Spec] = []
        self.sources: dict[str, bytes] = {}

    def run(self, work: Spec) -> Result:
        if work.out is None:
            return self.version
        assert work.source is not None
        self.compilations.append(work)
        self.sources = {path.name: path.read_bytes() for path in work.source.iterdir()}
        return self.does(work)

    @contextmanager
    def folder(self, name: str) -> Iterator[Path]:
        with TemporaryDirectory(dir=self._folder, prefix=name) as made:
            yield Path(made)


@pytest.fixture
def sandbox(tmp_path: Path) -> FakeSandbox:
    return FakeSandbox(tmp_path)


@pytest.fixture
def compiler(sandbox: FakeSandbox, tmp_path: Path) -> Compiler:
    return made(sandbox, tmp_path)


def made(sandbox: FakeSandbox, folder: Path, language: str = "c17", **changes: object) -> Compiler:
    table = {**TABLE, language: msgspec.structs.replace(TABLE[language], **changes)}
    real = {key: with_programs_of_any_machine(each) for key, each in table.items()}
    return Compiler(sandbox, real, Store(folder / "store"))


def with_programs_of_any_machine(language: Language) -> Language:
    command = ("/usr/bin/env", *language.compile[1:])
    inside = language.run[0].startswith("/box/")
    run = language.run if inside else ("/usr/bin/env", *language.run[1:])
    return msgspec.structs.replace(language, compile=command, run=run)


def c(source: str = C, name: str = "main.c") -> Submission:
    return Submission("c17", {name: source.encode()})


def refused(compiler: Compiler, submission: Submission) -> str:
    with pytest.raises(CompileError) as error:
        compiler.compile(submission)
    return error.value.text


# --- once for the same


def test_the_same_is_compiled_once(compiler: Compiler, sandbox: FakeSandbox) -> None:
    first, second = compiler.compile(c()), compiler.compile(c())
    assert len(sandbox.compilations) == 1
    assert (second.entry.box / "main").read_bytes() == b"program"
    assert first.entry.box == second.entry.box


def test_a_failure_is_remembered_too(compiler: Compiler, sandbox: FakeSandbox) -> None:
    sandbox.does = fails()
    assert refused(compiler, c()) == refused(compiler, c()) == "no such variable"
    assert len(sandbox.compilations) == 1


def test_other_sources_names_or_shared_files_are_compiled_anew(
    compiler: Compiler, sandbox: FakeSandbox
) -> None:
    for submission in (c(), c("int main() { }"), c(name="other.c")):
        compiler.compile(submission)
    compiler.compile(c(), shared={"grader.c": b"int g;"})
    compiler.compile(c(), shared={"grader.c": b"int h;"})
    assert len(sandbox.compilations) == 5


def test_where_a_file_ends_matters(compiler: Compiler, sandbox: FakeSandbox) -> None:
    compiler.compile(Submission("c17", {"a.c": b"xy", "b.c": b"z"}))
    compiler.compile(Submission("c17", {"a.c": b"x", "b.c": b"yz"}))
    assert len(sandbox.compilations) == 2


def test_another_version_or_another_flag_compiles_anew(
    sandbox: FakeSandbox, tmp_path: Path
) -> None:
    made(sandbox, tmp_path).compile(c())
    made(sandbox, tmp_path, compile=("/usr/bin/gcc", "-O3", "{sources}")).compile(c())
    sandbox.version = ran(said=b"compiler 1.1")
    made(sandbox, tmp_path).compile(c())
    assert len(sandbox.compilations) == 3


def test_what_took_too_long_may_be_tried_again(compiler: Compiler, sandbox: FakeSandbox) -> None:
    sandbox.does = lambda spec: ran(Verdict.TLE)
    assert refused(compiler, c()) == "The compiler took longer than 10 seconds."
    sandbox.does = compiles
    assert compiler.compile(c()).text == ""


# --- in its own sandbox


def test_the_compiler_has_limits_and_folders_of_its_own(
    compiler: Compiler, sandbox: FakeSandbox
) -> None:
    compiler.compile(
        Submission("c17", {"main.c": b"1", "more.c": b"2", "more.h": b"3"}),
        shared={"grader.c": b"4", "more.c": b"5"},
    )
    [spec] = sandbox.compilations
    assert spec.profile is Profile.COMPILE
    assert spec.limits.memory == 512 * MIB and not spec.limits.address_space
    assert spec.argv[-4:] == ("/src/main.c", "/src/more.c", "/src/grader.c", "-lm")
    assert sandbox.sources == {"main.c": b"1", "more.c": b"5", "more.h": b"3", "grader.c": b"4"}
    assert spec.out is not None and not spec.out.exists()


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (Verdict.MLE, "The compiler used more than 512 MiB of memory.\nhalf a word"),
        (Verdict.OLE, "The compiler wrote more than 64 MiB, or too many files.\nhalf a word"),
    ],
)
def test_a_limit_is_told_in_plain_words(
    compiler: Compiler, sandbox: FakeSandbox, verdict: Verdict, told: str
) -> None:
    sandbox.does = lambda spec: ran(verdict, b"half a word")
    assert refused(compiler, c()) == told


def test_a_compiler_that_could_not_be_run_is_nobodys_compile_error(
    compiler: Compiler, sandbox: FakeSandbox
) -> None:
    sandbox.does = lambda spec: ran(Verdict.IE, message="no sandbox")
    with pytest.raises(Fault, match="no sandbox"):
        compiler.compile(c())


def test_a_silent_compiler_is_spoken_for(compiler: Compiler, sandbox: FakeSandbox) -> None:
    sandbox.does = lambda spec: ran(Verdict.RE, signal=11)
    assert refused(compiler, c()) == "The compiler was ended by signal 11."
    sandbox.does = lambda spec: ran()
    assert refused(compiler, c("")) == "The compiler made no program of it."


def leaves_a_link(spec: Spec) -> Result:
    assert spec.out is not None
    (spec.out / "main").symlink_to("/etc/passwd")
    return ran()


def leaves_a_pipe(spec: Spec) -> Result:
    assert spec.out is not None
    os.mkfifo(spec.out / "main")
    return ran()


@pytest.mark.parametrize("does", [leaves_a_link, leaves_a_pipe])
def test_a_link_or_a_pipe_is_no_program(
    compiler: Compiler, sandbox: FakeSandbox, does: Does
) -> None:
    sandbox.does = does
    assert refused(compiler, c()).startswith("main is not a regular file")


# --- what is handed in


@pytest.mark.parametrize(
    "name",
    [
        *("", ".c", "-o.c", "@list.c", "../main.c", "/src/main.c", "a\\b.c", "a\nb.c", "a\0.c"),
        *("main.o", "main", "main.h", "main.c.exe", "\ud800.c", "x" * 99 + ".c", "😀" * 80 + ".c"),
        "test file name#\\.c",
    ],
)
def test_a_bogus_name_is_a_compile_error(
    compiler: Compiler, sandbox: FakeSandbox, name: str
) -> None:
    assert refused(compiler, c(name=name))
    assert not sandbox.compilations


@pytest.mark.parametrize("name", ["main.c", "my solution (1).c", "решение.c", "a+b-c.v2.c"])
def test_names_that_people_give_are_taken(
    compiler: Compiler, sandbox: FakeSandbox, name: str
) -> None:
    compiler.compile(c(name=name))
    assert set(sandbox.sources) == {name}


def test_what_is_no_source_is_not_taken_beside_one_either(compiler: Compiler) -> None:
    told = refused(compiler, Submission("c17", {"main.c": b"", "helper.o": b""}))
    assert told == "helper.o does not look like C17 (GCC): names end in .c or .h."


def test_too_much_is_refused(compiler: Compiler) -> None:
    assert "larger than 1 MiB" in refused(compiler, c(" " * (MIB + 1)))
    many = {f"{number}.c": b"" for number in range(101)}
    assert "more than 100 files" in refused(compiler, Submission("c17", many))
    assert "no source file" in refused(compiler, Submission("c17", {}))


@pytest.mark.parametrize(
    ("source", "file", "started"),
    [
        ("public class Foo { public static void main(String[] a) {} }", "Foo.java", "Foo"),
        ("package a.b;\npublic final class Foo {void main() {}}", "Foo.java", "a.b.Foo"),
        ("class A {} class B { static void main(String[] a) {} }", "B.java", "B"),
        ("public interface I {} class B { static void main(String[] a) {} }", "I.java", "B"),
        ('/* public class X */ class A { String s = "}public class Y{"; }', "A.java", "A"),
        ("class A { public static class B {} void main() {} }", "A.java", "A"),
        ("// nothing", "Main.java", "Main"),
        ('class A { String s = """\n } public class B { \n"""; }', "A.java", "A"),
        ("public record P(int x) { static void main(String[] a) {} }", "P.java", "P"),
    ],
)
def test_a_java_file_is_called_like_its_public_class(
    compiler: Compiler, sandbox: FakeSandbox, source: str, file: str, started: str
) -> None:
    compiled = compiler.compile(Submission("java", {"solution.java": source.encode()}))
    assert set(sandbox.sources) == {file}
    assert compiled.spec(limits=Limits()).argv[-1] == started


def test_a_class_name_too_long_for_a_file_is_a_compile_error(compiler: Compiler) -> None:
    source = f"public class {'A' * 300} {{}}"
    assert "at most 100" in refused(compiler, Submission("java", {"a.java": source.encode()}))


@pytest.mark.parametrize("part", [b"/*", b'"""', b'"', b"'", b"{", b"class "])
def test_looking_for_classes_takes_no_time(part: bytes) -> None:
    list(java_types(part * 300_000))  # a second way through it would never end


# --- what it says


def test_colours_paths_and_controls_are_taken_away() -> None:
    said = (
        b"\x1b[01m\x1b[K/src/a.c:1:\x1b[m \x1b]8;;http://x\x07bad\x00 \xff /out/main\r\n\tok \x9b"
    )
    assert tidy(said) == "a.c:1: bad � main\n\tok �"
    assert tidy(b"/usr/src/linux /srcs/x /src/ ") == "/usr/src/linux /srcs/x /src/ "


def test_a_long_text_is_cut_to_64_kib() -> None:
    for said in (b"x" * 10_000_000, "я".encode() * 40_000, b"\xff" * 30_000):
        text = tidy(said)
        assert text.endswith("… cut")
        assert MOST_TEXT - 8 < len(text.encode()) <= MOST_TEXT
    assert tidy(b"x" * MOST_TEXT) == "x" * MOST_TEXT


# --- which languages there are


def test_an_unknown_or_missing_language_is_named(sandbox: FakeSandbox, tmp_path: Path) -> None:
    compiler = made(sandbox, tmp_path)
    with pytest.raises(UnknownLanguage, match="no language 'cobol'"):
        compiler.compile(Submission("cobol", {"a.cob": b""}))
    compiler = made(sandbox, tmp_path, version=("/usr/bin/no-such-cc", "--version"))
    with pytest.raises(UnknownLanguage, match="no-such-cc is not installed"):
        compiler.compile(c())


def test_a_compiler_that_does_not_start_is_not_usable(
    compiler: Compiler, sandbox: FakeSandbox
) -> None:
    sandbox.version = ran(Verdict.RE, b"libgcc.so is missing\n")
    [state] = [state for state in compiler.languages() if state.id == "c17"]
    assert not state.usable
    assert state.why == "/usr/bin/env does not work here: libgcc.so is missing"


def test_a_first_program_that_does_not_compile_is_not_usable(
    compiler: Compiler, sandbox: FakeSandbox
) -> None:
    sandbox.does = fails(b"stdio.h: No such file")
    state = {state.id: state for state in probe(compiler, sandbox)}["c17"]
    assert (state.usable, state.version) == (False, "compiler 1.0")
    assert state.why == "A first program did not compile: stdio.h: No such file"


def test_limits_are_made_fit_for_a_runtime(compiler: Compiler) -> None:
    compiled = compiler.compile(Submission("java", {"A.java": b"class A {}"}))
    spec = compiled.spec(limits=Limits(cpu=1, memory=100 * MIB), arguments=("x",))
    assert "-Xmx100m" in spec.argv and spec.argv[-2:] == ("A", "x")
    assert spec.limits.memory == 164 * MIB
    assert spec.limits.processes == 64 and not spec.limits.address_space
    assert spec.profile is Profile.RUN_ALONE


def test_a_slow_language_may_be_given_more_time(sandbox: FakeSandbox, tmp_path: Path) -> None:
    compiled = made(sandbox, tmp_path, time_factor=2.5).compile(c())
    limits = compiled.spec(limits=Limits(cpu=2, wall=4)).limits
    assert (limits.cpu, limits.wall) == (5, 10)


# --- for real


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ('#include "/dev/urandom"\nint main() {}', "more than"),
        ('#include "/etc/shadow"\nint main() {}', "No such file"),
        ('__asm__(".incbin \\"/etc/passwd\\"");\nint main() {}', "file not found"),
        ("int big[500000000] = {1};\nint main() { return big[5]; }", "size limit"),
    ],
)
def test_a_bomb_ends_in_its_own_sandbox(judge: Judge, source: str, told: str) -> None:
    with pytest.raises(CompileError) as failed:
        judge.compile(c(source))
    assert told in failed.value.text


def test_warnings_come_with_the_program(judge: Judge) -> None:
    assert "main.c:1:2: warning: #warning careful" in judge.compile(c("#warning careful\n" + C))
