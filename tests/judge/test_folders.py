"""Folders of workers: one for each, emptied of what was left, never somebody else's."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from codetrack.judge.errors import Refused
from codetrack.judge.sandbox import folders

ME = os.geteuid()


@pytest.fixture
def ground() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def test_two_take_two(ground: Path) -> None:
    one, two = folders.take(ME, within=ground), folders.take(ME, within=ground)
    assert one.folder != two.folder
    assert {path.name for path in ground.iterdir()} == {one.folder.name, two.folder.name}


def test_given_back_folder_is_taken_again_empty_but_for_its_store(ground: Path) -> None:
    first = folders.take(ME, within=ground)
    (first.work / "left").mkdir(mode=0)
    (first.store / "kept").write_text("artefact")
    os.close(first.lock)
    second = folders.take(ME, within=ground)
    assert second.folder == first.folder
    assert list(second.work.iterdir()) == []
    assert (second.store / "kept").read_text() == "artefact"


def test_fresh_folder_is_closed_to_others_and_goes(ground: Path) -> None:
    place = folders.take(ME, within=ground)
    with place.fresh("compile") as made:
        assert made.stat().st_mode & 0o777 == 0o700
        (made / "a" / "b").mkdir(parents=True)
        (made / "a").chmod(0o500)
    assert not made.exists()


def test_link_in_the_way_is_passed_over(ground: Path) -> None:
    (ground / "elsewhere").mkdir()
    (ground / f"codetrack-judge-{ME}-0").symlink_to(ground / "elsewhere")
    place = folders.take(ME, within=ground)
    assert place.folder.name.endswith("-1")
    assert list((ground / "elsewhere").iterdir()) == []


@pytest.mark.skipif(ME != 0, reason="only root can make somebody else's folder")
def test_folder_of_somebody_else_is_passed_over(ground: Path) -> None:
    planted = ground / "codetrack-judge-60800-0"
    planted.mkdir()
    os.chown(planted, 12345, 12345)
    uid, place = folders.take_as_root(60800, within=ground)
    assert uid == 60801
    assert place.folder.stat().st_uid == uid
    assert place.work.stat().st_uid == uid


def test_folder_that_is_not_there_is_refused(ground: Path) -> None:
    with pytest.raises(Refused, match="CODETRACK_JUDGE_DIR"):
        folders.take(ME, within=ground / "nowhere")


@pytest.mark.skipif(ME != 0, reason="only root can mount")
def test_folder_without_programs_is_refused(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "noexec,size=1m", "none", str(ground)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this root may not mount")
    try:
        monkeypatch.setenv("CODETRACK_JUDGE_DIR", str(ground))
        with pytest.raises(Refused, match="noexec"):
            folders.take(ME)
    finally:
        subprocess.run(["umount", str(ground)], check=True)


def test_folder_goes_however_deep_and_closed_it_is(ground: Path) -> None:
    top = ground / "top"
    top.mkdir()
    with contextlib.chdir(top):
        for _ in range(40):
            deeper = Path("d" * 200)
            deeper.mkdir()
            os.chdir(deeper)
            Path("file").touch(mode=0)
        Path("closed").mkdir(mode=0)
        Path("link").symlink_to("/usr")
    folders.remove(top)
    assert not top.exists() and Path("/usr/bin").is_dir()
    folders.remove(top)  # one that is not there is no trouble
