"""What compilers have made is kept: whole or not at all, and within a size."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from codetrack.judge.errors import Refused
from codetrack.judge.languages.artefacts import BadArtefact, copy
from codetrack.judge.languages.store import Store
from codetrack.judge.values import KIB

SPAWN = multiprocessing.get_context("spawn")


def program(content: bytes = b"program") -> Callable[[Path], None]:
    def fill(box: Path) -> None:
        (box / "main").write_bytes(content)
        (box / "package").mkdir()
        (box / "package" / "part").write_bytes(b"part")

    return fill


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def used(folder: Path, key: str, *, seconds_ago: float) -> None:
    moment = time.time() - seconds_ago
    os.utime(folder / key, (moment, moment))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Store:
    return Store(folder)


def test_an_entry_is_found_again_also_by_the_next_worker(store: Store, folder: Path) -> None:
    assert store.find("k") is None
    store.keep("k", text="a warning", fill=program())
    entry = Store(folder).find("k")
    assert entry is not None
    assert (entry.meta.ok, entry.meta.text) == (True, "a warning")
    assert (entry.box / "main").read_bytes() == b"program"


def test_what_is_kept_can_be_run_and_read_but_not_changed(store: Store) -> None:
    entry = store.keep("k", text="", fill=program())
    paths = [entry.box, *entry.box.rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o555}


def test_that_nothing_was_compiled_is_kept_too(store: Store) -> None:
    store.keep("k", text="no such variable")
    entry = store.find("k")
    assert entry is not None
    assert (entry.meta.ok, entry.meta.text) == (False, "no such variable")


def test_what_fails_half_way_is_not_kept(store: Store, folder: Path) -> None:
    def fill(box: Path) -> None:
        (box / "main").write_bytes(b"half")
        raise BadArtefact("too large")

    with pytest.raises(BadArtefact):
        store.keep("k", text="", fill=fill)
    assert not names(folder)


def killed_in_the_middle(folder: Path) -> None:
    def fill(box: Path) -> None:
        (box / "main").write_bytes(b"half")
        os.kill(os.getpid(), 9)

    Store(folder).keep("k", text="", fill=fill)


def test_a_worker_killed_half_way_leaves_nothing_once_another_starts(folder: Path) -> None:
    worker = SPAWN.Process(target=killed_in_the_middle, args=(folder,))
    worker.start()
    worker.join()
    assert worker.exitcode == -9 and len(names(folder)) == 1
    assert Store(folder).find("k") is None
    assert not names(folder)


def test_what_a_living_worker_is_making_is_left_alone(store: Store, folder: Path) -> None:
    def fill(box: Path) -> None:
        Store(folder)
        (box / "main").write_bytes(b"program")

    assert store.keep("k", text="", fill=fill).meta.ok


def made_by_many(folder: Path, started: float) -> None:
    store = Store(folder)
    time.sleep(max(0.0, started - time.time()))
    for number in range(20):
        entry = store.keep(str(number), text="", fill=program(b"x" * 10_000))
        assert (entry.box / "main").stat().st_size == 10_000


def test_two_workers_at_once_make_the_same(folder: Path) -> None:
    started = time.time() + 2
    workers = [SPAWN.Process(target=made_by_many, args=(folder, started)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert names(folder) == {str(number) for number in range(20)}


def test_what_was_not_used_for_longest_goes_first(folder: Path) -> None:
    store = Store(folder, cap=100 * KIB)
    for number, key in enumerate("abc"):
        store.keep(key, text="", fill=program(b"x" * 20_000))
        used(folder, key, seconds_ago=100 - number)
    assert store.find("a")
    store.keep("d", text="", fill=program(b"x" * 20_000))
    assert names(folder) == {"a", "d"}


def test_what_is_in_use_is_kept_whatever_its_size(folder: Path) -> None:
    store = Store(folder, cap=1)
    running = store.keep("running", text="", fill=program())
    done = store.keep("done", text="", fill=program())
    del done
    Store(folder, cap=1)
    assert names(folder) == {"running"}
    assert (running.box / "main").read_bytes() == b"program"
    del running
    Store(folder, cap=1)
    assert not names(folder)


def test_an_entry_that_is_shorter_than_it_was_is_made_anew(store: Store, folder: Path) -> None:
    store.keep("k", text="", fill=program())
    main = folder / "k" / "box" / "main"
    main.chmod(0o700)
    main.write_bytes(b"")
    assert store.find("k") is None
    assert not names(folder)


def test_an_entry_with_a_link_in_it_is_not_trusted(store: Store, folder: Path) -> None:
    store.keep("k", text="", fill=program())
    box = folder / "k" / "box"
    box.chmod(0o700)
    (box / "main").unlink()
    (box / "main").symlink_to("/etc/passwd")
    assert store.find("k") is None


def test_an_entry_that_is_a_link_itself_is_not_trusted(store: Store, folder: Path) -> None:
    store.keep("k", text="", fill=program())
    (folder / "link").symlink_to(folder / "k")
    assert store.find("link") is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_files_of_another_user_are_not_trusted(store: Store, folder: Path) -> None:
    store.keep("k", text="", fill=program())
    os.chown(folder / "k" / "box" / "main", 65534, 65534)
    assert store.find("k") is None
    os.chown(folder, 65534, 65534)
    with pytest.raises(Refused, match="another user"):
        Store(folder)


def test_a_damaged_description_is_as_good_as_none(store: Store, folder: Path) -> None:
    store.keep("k", text="", fill=program())
    (folder / "k" / "meta").write_text("{")
    assert store.find("k") is None


# --- what is taken out of a sandbox's folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made


@pytest.fixture
def box(tmp_path: Path) -> Path:
    made = tmp_path / "box"
    made.mkdir()
    return made


def test_files_and_folders_are_copied(out: Path, box: Path) -> None:
    (out / "a").mkdir()
    (out / "a" / "b.class").write_bytes(b"b")
    (out / "main").write_bytes(b"main")
    copy(out, box)
    assert {path.relative_to(box).as_posix() for path in box.rglob("*")} == {
        "a",
        "a/b.class",
        "main",
    }


def link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def link_to_folder(path: Path) -> None:
    path.symlink_to("/etc")


def large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(64 * KIB * KIB + 1)


def many(path: Path) -> None:
    path.mkdir()
    for number in range(2000):
        (path / str(number)).touch()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (link, "not a regular file"),
        (link_to_folder, "not a regular file"),
        (os.mkfifo, "not a regular file"),
        (large, "too large"),
        (many, "more than 2000 files"),
    ],
)
def test_nothing_else_is_copied(
    out: Path, box: Path, make: Callable[[Path], None], told: str
) -> None:
    make(out / "main")
    with pytest.raises(BadArtefact, match=told):
        copy(out, box)
