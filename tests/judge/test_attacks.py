"""The catalogue of attacks: each row is contained, and what is not contained would be seen."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from codetrack.judge import attacks
from codetrack.judge.attacks import Attacked, Catalogue, Host, Report, Row, Try
from codetrack.judge.client import Judge
from codetrack.judge.errors import BadProblem, Fault
from codetrack.judge.values import Judgement, Problem, Submission, Verdict
from tests.core.waiting import until
from tests.judge.conftest import needs_sandboxes

CATALOGUE = Catalogue()
WELL = "print('small')"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as host:
        yield host


@pytest.fixture
def idle_host() -> Iterator[Host]:
    """With no worker about."""
    with Host() as host:
        yield host


@pytest.fixture(scope="module")
def judge(host: Host) -> Iterator[Judge]:
    """One of its own: it knows the languages of the catalogue, and starts with canaries about."""
    needs_sandboxes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODETRACK_JUDGE_LANGUAGES", str(CATALOGUE.languages))
        with Judge() as judge:
            host.meet(judge.ready())
            yield judge


def complaints(row: Attacked) -> list[str]:
    told = [f"{got.program}: {problem}" for got in row.tries for problem in got.problems]
    return told + row.left + row.changes


@pytest.mark.slow
@pytest.mark.parametrize("row", CATALOGUE.rows, ids=lambda row: f"{row.number:02}")
def test_attack_is_contained(row: Row, judge: Judge, host: Host) -> None:
    attacked = attacks.attack(judge, row, host, CATALOGUE)
    assert complaints(attacked) == []
    if all(got.skipped for got in attacked.tries):
        pytest.skip(attacked.tries[0].skipped)
    assert attacked.contained


# --- the catalogue


def test_catalogue_has_sixty_rows_without_a_gap() -> None:
    assert [row.number for row in CATALOGUE.rows] == list(range(1, 61))


def test_every_try_has_a_reason_an_expectation_and_its_files() -> None:
    for row in CATALOGUE.rows:
        assert row.title and row.source and row.tries
        for attempt in row.tries:
            assert attempt.why.endswith(".") and attempt.expect, row.number
            helpers = [h.file for h in (attempt.checker, attempt.interactor) if h and h.file]
            for file in (*attempt.files, *helpers):
                assert (CATALOGUE.folder / file).is_file(), file


def test_one_verdict_is_expected_wherever_the_machine_does_not_decide() -> None:
    open_ones = [row.number for row in CATALOGUE.rows for t in row.tries if len(t.expect) > 1]
    assert open_ones == [8]


def test_every_program_is_used() -> None:
    tries = [attempt for row in CATALOGUE.rows for attempt in row.tries]
    helpers = [helper for t in tries for helper in (t.checker, t.interactor) if helper]
    used = {file for t in tries for file in t.files} | {helper.file for helper in helpers}
    tables = {"catalogue.toml", "languages.toml"}
    there = {path.name for path in CATALOGUE.folder.iterdir() if path.is_file()}
    assert there == (used | tables) - {""}


def test_unknown_key_of_the_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text('[[row]]\nnumber = 1\ncolour = "red"\n')
    with pytest.raises(BadProblem, match="colour"):
        assert Catalogue(tmp_path).rows


def test_number_that_is_nobodys_is_named() -> None:
    with pytest.raises(BadProblem, match=r"no attack 61.*1 to 60"):
        CATALOGUE.chosen([60, 61])


# --- the runner can fail


def row(folder: Path, program: str, **expected: Any) -> tuple[Row, Catalogue]:
    """A row of one program that is written here."""
    (folder / "catalogue.toml").touch()
    (folder / "program.py").write_text(program)
    wanted = {"language": "python3", "files": ("program.py",), "answer": "small"}
    attempt = Try(**{**wanted, "expect": (Verdict.AC,), "why": "So it is.", **expected})
    return Row(1, "A row of a test", "O", (attempt,)), Catalogue(folder)


def test_right_expectation_is_contained(judge: Judge, host: Host, tmp_path: Path) -> None:
    attacked = attacks.attack(judge, *_with(host, row(tmp_path, WELL)))
    assert attacked.contained and complaints(attacked) == []


@pytest.mark.parametrize(
    ("expected", "complaint"),
    [
        ({"expect": (Verdict.TLE,)}, "the verdict is AC"),
        ({"idle": True}, "idle is False"),
        ({"exit_code": 1}, "exit_code is 0"),
        ({"memory_under": 1}, "MiB of memory were told"),
        ({"memory_over": 63}, "only"),
        ({"errors_has": "wrong"}, "stderr does not say"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_wrong_expectation_is_not_contained(
    expected: dict[str, Any], complaint: str, judge: Judge, host: Host, tmp_path: Path
) -> None:
    attacked = attacks.attack(judge, *_with(host, row(tmp_path, WELL, **expected)))
    assert not attacked.contained
    assert complaint in complaints(attacked)[0]


def test_leaked_canary_is_not_contained(judge: Judge, host: Host, tmp_path: Path) -> None:
    leaking = f"print('small')\nimport sys\nsys.stderr.write('{host.word}')"
    attacked = attacks.attack(judge, *_with(host, row(tmp_path, leaking)))
    assert not attacked.contained
    assert complaints(attacked) == ["program.py: the word of a canary file came out"]


def test_line_of_the_passwords_is_a_leak(host: Host) -> None:
    line = Path("/etc/passwd").read_text().splitlines()[0]
    assert list(host.leaks(f"first\n{line}\nlast")) == ["a line of /etc/passwd came out"]


def _with(host: Host, made: tuple[Row, Catalogue]) -> tuple[Row, Host, Catalogue]:
    return made[0], host, made[1]


class Pretends:
    """A judge that says AC, and does something else besides."""

    def __init__(self, pid: int | None = None, does: Any = None) -> None:
        self.pid = pid
        self._does = does or (lambda: None)

    def ready(self) -> SimpleNamespace:
        return SimpleNamespace(uid=os.geteuid(), folder="/nowhere", level="B", bubblewrap="0")

    def judge(self, problem: Problem, submission: Submission) -> Judgement:
        self._does()
        return Judgement(verdict=Verdict.AC)


def pretended(judge: Pretends, host: Host, tmp_path: Path) -> Attacked:
    return attacks.attack(judge, *_with(host, row(tmp_path, WELL)))


def test_process_that_is_left_is_not_contained(
    idle_host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codetrack.judge.attacks.host.GRACE_SECONDS", 0.1)
    with subprocess.Popen(["sh", "-c", "sleep 30 & wait"]) as worker:
        try:
            sleeps = ["pgrep", "-x", "-P", str(worker.pid), "sleep"]
            until(lambda: subprocess.run(sleeps, check=False, capture_output=True).returncode == 0)
            attacked = pretended(Pretends(worker.pid), idle_host, tmp_path)
            assert not attacked.contained and "sleep" in attacked.left[0]
        finally:
            subprocess.run(["pkill", "-P", str(worker.pid)], check=False)
    assert pretended(Pretends(os.getpid() + 2**22), idle_host, tmp_path).left == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda host: host.hidden.write_text("taken"), "secret.ans changed"),
        (lambda host: host.hidden.unlink(), "secret.ans changed"),
        (lambda host: (host.folder / "test.in").write_text("taken"), "test.in changed"),
        (lambda host: host.hidden.chmod(0o600), "secret.ans changed"),
    ],
    ids=["written", "removed", "an input written", "closed"],
)
def test_changed_file_is_not_contained(
    change: Any, complaint: str, idle_host: Host, tmp_path: Path
) -> None:
    attacked = pretended(Pretends(does=lambda: change(idle_host)), idle_host, tmp_path)
    assert not attacked.contained
    assert complaint in attacked.changes[0]


@pytest.mark.xdist_group("judge")  # whoever is attacked meanwhile would be blamed for it
def test_new_file_of_an_attack_is_not_contained(idle_host: Host, tmp_path: Path) -> None:
    made = Path(f"/tmp/codetrack-attack-{os.getpid()}")
    try:
        attacked = pretended(Pretends(does=made.touch), idle_host, tmp_path)
        assert attacked.changes == [f"the folders changed: {made}"]
    finally:
        made.unlink()


def test_call_at_a_port_is_not_contained(idle_host: Host, tmp_path: Path) -> None:
    def call() -> None:
        import socket

        socket.create_connection(("127.0.0.1", idle_host.port)).close()

    assert pretended(Pretends(does=call), idle_host, tmp_path).changes == [
        "who called at a port changed"
    ]


def test_judge_that_fails_is_not_contained(idle_host: Host, tmp_path: Path) -> None:
    def fail() -> None:
        raise Fault("It is broken.")

    attacked = pretended(Pretends(does=fail), idle_host, tmp_path)
    assert complaints(attacked) == ["program.py: the judge failed: It is broken."]


def test_row_that_could_not_be_tried_is_not_contained(
    judge: Judge, host: Host, tmp_path: Path
) -> None:
    for missing in ({"language": "cobol"}, {"machine": "pdp11"}):
        attacked = attacks.attack(judge, *_with(host, row(tmp_path, WELL, **missing)))
        assert not attacked.contained and attacked.tries[0].skipped


# --- the command and its page


def report(*rows: Attacked) -> Report:
    return Report(rows=list(rows), machine="Linux", level="B", bubblewrap="0.8.0", began=0.0)


def attacked(**changed: Any) -> Attacked:
    got = attacks.Got(
        program="a.c", language="c17", expected=(Verdict.TLE,), why="So.", verdict=Verdict.TLE
    )
    values = {"number": 1, "title": "Waits & <sees>", "source": "O", "tries": [got]}
    return Attacked(**{**values, "left": [], "changes": [], **changed})


def test_summary_is_one_line_of_fixed_words() -> None:
    well = "2 of 2 contained, 0 processes left, host files unchanged"
    assert report(attacked(), attacked()).summary == well
    bad = report(attacked(), attacked(left=["7 sleep"], changes=["a file changed"]))
    assert bad.summary == "1 of 2 contained, 1 processes left, host files CHANGED"
    assert not bad.contained and not report().contained


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_page_is_one_file_with_a_real_table() -> None:
    text = attacks.page(report(attacked(), attacked(changes=["the clock changed"])))
    tags = Tags()
    tags.feed(text)
    names = [tag for tag, _ in tags.found]
    assert {"caption", "thead", "title"} <= set(names)
    assert not {"script", "link", "img", "iframe"} & set(names)
    assert all(attrs.get("scope") for tag, attrs in tags.found if tag == "th")
    assert "Waits &amp; &lt;sees&gt;" in text and "the clock changed" in text
    assert "prefers-color-scheme: dark" in text


def test_command_prints_a_line_a_row_and_writes_its_page(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from codetrack.judge import cli

    needs_sandboxes()
    monkeypatch.setenv("CODETRACK_JUDGE_LANGUAGES", "")  # it sets its own
    page = tmp_path / "page.html"
    assert cli.main(["attack", "--only", "23,58", "--report", str(page)]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[0].startswith("23  contained") and lines[1].startswith("58  contained")
    assert lines[-1] == "2 of 2 contained, 0 processes left, host files unchanged"
    assert "58_environ.py" in page.read_text()
    assert cli.main(["attack", "--only", "23", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["rows"][0]["number"] == 23
    assert cli.main(["attack", "--only", "77"]) == 2


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--only", "1-5", "no list of numbers"),
        ("--report", "/nowhere/page.html", "cannot be written"),
    ],
    ids=["numbers", "page"],
)
def test_option_that_makes_no_sense_is_told_at_once(
    option: str, value: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from codetrack.judge import cli

    with pytest.raises(SystemExit) as ended:
        cli.main(["attack", option, value])
    assert ended.value.code == 2 and said in capsys.readouterr().err
