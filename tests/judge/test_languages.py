"""The table of languages, and what a program of each may do in its sandbox."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from codetrack.judge.client import Judge
from codetrack.judge.errors import UnknownLanguage
from codetrack.judge.languages import BadTable, CompileError, Language, load, table
from codetrack.judge.values import (
    MIB,
    Data,
    Group,
    Judgement,
    Limits,
    Problem,
    Submission,
    Test,
    TestResult,
    Verdict,
)
from tests.judge.polyglot import PROGRAMS

LANGUAGES = load({})
BASH = """
[bash]
name = "Bash"
extensions = [".sh"]
source = "main.sh"
version = ["/bin/bash", "--version"]
run = ["/bin/bash", "/box/{source}"]
keep_sources = true
hello = 'read n; echo "hello $n"'
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "languages.toml"
    path.write_text(text)
    return path


def changed(**changes: object) -> Language:
    return msgspec.structs.replace(LANGUAGES["c17"], **changes)


# --- the table


def test_the_table_has_the_eight_languages() -> None:
    assert set(LANGUAGES) == set(PROGRAMS)


def test_files_of_ones_own_add_languages_and_change_keys_of_others(tmp_path: Path) -> None:
    added = written(tmp_path, BASH)
    changes = tmp_path / "changes.toml"
    changes.write_text("[java]\ntime_factor = 1.5\n[bash]\nenabled = false")
    languages = load({"CODETRACK_JUDGE_LANGUAGES": f"{added}:{changes}"})
    assert set(languages) == {*LANGUAGES, "bash"}
    assert languages["bash"].run == ("/bin/bash", "/box/{source}")
    assert languages["java"] == msgspec.structs.replace(LANGUAGES["java"], time_factor=1.5)
    assert table.why_not(languages["bash"]) == "It is switched off in the table."


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "Bash"', "", "`name`"),
        ('name = "Bash"', "name = 5", "$.name"),
        ('name = "Bash"', 'nam = "Bash"\nname = "Bash"', "`nam`"),
        ('name = "Bash"', 'id = "bash"\nname = "Bash"', "name is the id"),
        ("[bash]", "[BASH]", "small letters"),
        ("[bash]", "[bash", "not TOML"),
        ("[bash]", "x = 1\n[bash]", "[x]"),
        ('[".sh"]', "[]", "`extensions` is empty"),
        ('[".sh"]', '["sh"]', "begin with a dot"),
        ('"main.sh"', '"main.py"', "`source` has none"),
        ('"/bin/bash", "--version"', '"bash", "--version"', "not an absolute path"),
        ("{source}", "{sourse}", "{sourse}"),
        ("keep_sources = true", "compile_limits = { cpi = 3 }", "`cpi`"),
    ],
)
def test_a_table_that_is_not_right_is_named_with_its_key(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = written(tmp_path, BASH.replace(old, new))
    with pytest.raises(BadTable) as refused:
        load({"CODETRACK_JUDGE_LANGUAGES": str(path)})
    assert told in refused.value.reason
    assert str(path) in refused.value.reason
    assert refused.value.remedy


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match=r"none\.toml cannot be read: No such file"):
        load({"CODETRACK_JUDGE_LANGUAGES": str(tmp_path / "none.toml")})


def test_folders_of_a_pattern_are_those_that_there_are(tmp_path: Path) -> None:
    for name in ("java-21", "java-17", "perl"):
        (tmp_path / name).mkdir()
    line = f'binds = ["{tmp_path}/java-*", "{tmp_path}/none"]\nhello'
    more = written(tmp_path, BASH.replace("hello =", f"{line} ="))
    found = load({"CODETRACK_JUDGE_LANGUAGES": str(more)})["bash"]
    assert found.binds == (f"{tmp_path}/java-17", f"{tmp_path}/java-21")


# --- is it usable?


def test_a_language_whose_compiler_is_missing_says_so() -> None:
    why = table.why_not(changed(compile=("/usr/bin/no-such-compiler", "{sources}")))
    assert why == "/usr/bin/no-such-compiler is not installed."


def test_a_toolchain_outside_usr_has_to_be_named_in_binds(tmp_path: Path) -> None:
    (tmp_path / "compiler").symlink_to(tmp_path / "real")
    (tmp_path / "real").write_text("#!/bin/sh")
    (tmp_path / "real").chmod(0o755)
    outside = changed(compile=(str(tmp_path / "compiler"), "{sources}"))
    assert (
        table.why_not(outside) == f"{tmp_path}/real is not below /usr: name its folder in `binds`."
    )
    assert table.why_not(msgspec.structs.replace(outside, binds=(str(tmp_path),))) == ""


def test_a_folder_that_the_judge_may_not_enter_is_named(
    judge: Judge, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.chmod(0o755)
    closed = shared / "closed"
    closed.mkdir()
    (closed / "bash").symlink_to("/bin/bash")
    closed.chmod(0o000)
    more = written(shared, BASH.replace("/bin/bash", f"{closed}/bash"))
    more.chmod(0o644)
    monkeypatch.setenv("CODETRACK_JUDGE_LANGUAGES", str(more))
    with Judge() as other, pytest.raises(UnknownLanguage) as refused:
        other.compile(Submission("bash", {"main.sh": b"echo"}))
    closed.chmod(0o700)
    assert f"{closed}/bash lies below {closed}, which the judge's user may not" in str(
        refused.value
    )


# --- real programs

WISHES = {"greet": "hello you", "recurse": "", "threads": "6", "process": "denied", "crash": ""}
DEPTHS = {"python3": "50000", "pypy3": "50000", "java": "100000", "node": "200000"}


def test(name: str, said: str) -> Test:
    return Test(name=name, input=Data(said.encode()), shown=True)


test.__test__ = False  # pytest: not one of yours


def judged(judge: Judge, language: str, source: str, *inputs: str, memory: int = 256) -> Judgement:
    tests = tuple(test(said.partition(" ")[0], said) for said in inputs)
    problem = Problem(
        groups=(Group(name="all", tests=tests, run_all=True),),
        limits=Limits(cpu=10, memory=memory * MIB),
        run_all=True,
    )
    files = {LANGUAGES[language].source: source.encode()}
    return judge.judge(problem, Submission(language, files))


def usable(language: str) -> str:
    if why := table.why_not(LANGUAGES[language]):
        pytest.skip(f"{language}: {why}")
    return language


@pytest.mark.parametrize("language", PROGRAMS)
def test_programs_read_recurse_and_use_threads_but_start_no_process(
    judge: Judge, language: str
) -> None:
    judgement = judged(
        judge, usable(language), PROGRAMS[language], *(f"{wish} you" for wish in WISHES)
    )
    results = {result.name: result for result in judgement.tests}
    expected = {**WISHES, "recurse": DEPTHS.get(language, "1000000")}
    if language == "c17":
        del results["threads"]
    assert results.pop("crash").exit_code == 7
    assert {name: said(result) for name, result in results.items()} == {
        name: (Verdict.OK, expected[name]) for name in results
    }


def said(result: TestResult) -> tuple[Verdict, str]:
    return result.verdict, result.output.strip() or result.errors


BROKEN = {
    "python3": ("def f(:\n", "main.py", "SyntaxError"),
    "pypy3": ("def f(:\n", "main.py", "SyntaxError"),
    "c17": ("int main() { return x; }", "main.c:1", "undeclared"),
    "cpp20": ("int main() { return x; }", "main.cpp:1", "not declared"),
    "java": ("public class Main { int x = y; }", "Main.java:1", "cannot find symbol"),
    "node": ("function f( {", "main.js:1", "SyntaxError"),
    "go": ("package main\nfunc main() { return x }", "main.go:2", "undefined"),
    "rust": ("fn main() { x }", "main.rs:1", "cannot find value"),
}


@pytest.mark.parametrize("language", BROKEN)
def test_a_compiler_names_file_and_error_but_no_inside_path(judge: Judge, language: str) -> None:
    source, place, told = BROKEN[usable(language)]
    with pytest.raises(CompileError) as failed:
        judge.compile(Submission(language, {LANGUAGES[language].source: source.encode()}))
    assert place in failed.value.text
    assert told in failed.value.text
    assert "/src" not in failed.value.text


HUNGRY = {
    "python3": "kept = [0] * 10**9",
    "pypy3": "kept = [0] * 10**9",
    "java": "public class Main { public static void main(String[] a) {"
    " System.out.println(new int[1000000000].length); } }",
    "node": "const kept = []; for (;;) kept.push(new Array(1000).fill(kept.length));",
    "go": "package main\nfunc main() { kept := [][]int{}\n"
    "for { b := make([]int, 99999); for i := range b { b[i] = i }; kept = append(kept, b) } }",
}


@pytest.mark.parametrize("language", HUNGRY)
def test_a_runtime_that_is_out_of_memory_is_told_from_a_crash(judge: Judge, language: str) -> None:
    judgement = judged(judge, usable(language), HUNGRY[language], "", memory=64)
    assert judgement.verdict is Verdict.MLE


def test_every_usable_language_runs_its_first_program(judge: Judge) -> None:
    states = {state.id: state for state in judge.languages()}
    for key, language in LANGUAGES.items():
        state = states[key]
        assert state.usable == (not table.why_not(language)), state.why
        assert not state.usable or (state.version and state.ran > 0)
