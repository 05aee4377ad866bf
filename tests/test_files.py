"""Files are written complete or not at all, obey the umask, and what is no regular file is never replaced."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ctxdebug.errors import UsageError
from ctxdebug.files import read_regular, write_whole


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_obeys_the_umask(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "a.txt", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == mode


def test_an_existing_file_keeps_its_permissions_and_links(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_pipe_is_written_through(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    write_whole(pipe, "through")
    reader.join(timeout=10)
    assert got == ["through"]
    assert pipe.is_fifo()


def test_devices_are_written_through_and_stay_devices(tmp_path: Path) -> None:
    write_whole("/dev/null", "nothing")
    assert Path("/dev/null").is_char_device()
    link = tmp_path / "null"
    link.symlink_to("/dev/null")
    write_whole(link, "nothing")
    assert link.is_symlink()


def test_standard_output_is_written_through(tmp_path: Path) -> None:
    code = "from ctxdebug.files import read_regular, write_whole; write_whole('/dev/stdout', 'one '); write_whole('/dev/stdout', 'two')"
    target = tmp_path / "out.txt"
    with target.open("wb") as file:
        subprocess.run([sys.executable, "-c", code], stdout=file, check=True)
    assert target.read_text(encoding="utf-8") == "one two"


def test_a_full_device_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no space left on device"):
        write_whole("/dev/full", "x")


def test_folders_sockets_and_links_are_refused(tmp_path: Path) -> None:
    import socket

    (tmp_path / "folder").mkdir()
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "mine.txt")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        for name, words in (("folder", "directory"), ("link.txt", "symbolic link"), ("dangling.txt", "leads nowhere"), ("s", "socket")):  # fmt: skip
            with pytest.raises(UsageError, match=words):
                write_whole(tmp_path / name, "x")
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "nowhere.txt").exists()


def test_a_linked_folder_that_leads_out_is_refused(tmp_path: Path) -> None:
    inside, outside = tmp_path / "cases", tmp_path / "elsewhere"
    inside.mkdir()
    outside.mkdir()
    (inside / "blobs").symlink_to(outside)
    with pytest.raises(UsageError, match="leads out of"):
        write_whole(inside / "blobs" / "deep" / "a.txt", "x", folders=True, within=inside)
    assert list(outside.iterdir()) == []
    (inside / "real").mkdir()
    (inside / "within").symlink_to(inside / "real")
    write_whole(inside / "within" / "a.txt", "x", within=inside)
    assert (inside / "real" / "a.txt").read_text(encoding="utf-8") == "x"


@pytest.mark.parametrize("path", ["nul\0", "x" * 300, "none/x.txt", "/proc/x.txt"])
def test_a_path_that_cannot_be_written_is_one_line(tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="cannot be written"):
        write_whole(path, "x")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")

    def stopped(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("é", encoding="utf-8")
    assert read_regular(tmp_path / "a.txt") == "é"
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "latin.txt").write_bytes(b"\xe9")
    for name in ("pipe", ".", "none", "latin.txt", "x" * 300):
        with pytest.raises(UsageError, match="cannot be read"):
            read_regular(tmp_path / name)
