"""What a recording is as a file: complete lines, private, in bounds, and never an exception to whoever calls."""

from __future__ import annotations

import json
import os
import resource
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ctxdebug.errors import UsageError
from ctxdebug.recording.call import Call
from ctxdebug.recording.recorder import Recorder
from tests.recording.lines import whole_lines

KEY = "sk-fake-abcdefghij1234567890"


def call(body: bytes = b"{}", **headers: str) -> Call:
    made = Call("POST", "https://api.openai.com/v1/chat/completions", list(headers.items()))
    made.sent(body)
    made.answered(200, [("content-type", "application/json")])
    made.received(b'{"id": 1}')
    return made


def refuse(text: str) -> None:
    raise AssertionError(text)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """A disk that is full after so many bytes of a file."""
    held = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, held[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, held)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_folder_gets_a_file_for_each_run(tmp_path: Path) -> None:
    for _ in range(2):
        recorder = Recorder(tmp_path / "captures", warn=refuse)
        assert recorder.put(call())
        recorder.close()
    assert len(list((tmp_path / "captures").glob("*.jsonl"))) == 2


def test_a_recording_is_its_owners(tmp_path: Path) -> None:
    (path,) = Recorder(tmp_path / "run.jsonl", warn=refuse).paths
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_is_appended_to(tmp_path: Path) -> None:
    for _ in range(2):
        recorder = Recorder(tmp_path / "run.jsonl", warn=refuse)
        recorder.put(call())
        recorder.close()
    assert len(whole_lines(tmp_path / "run.jsonl")) == 2


def test_a_file_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    path.write_text('{"mine": 1}\n')
    with pytest.raises(UsageError, match="is no recording"):
        Recorder(path, warn=refuse)
    assert path.read_text() == '{"mine": 1}\n'


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "run.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="cannot be written"):
        Recorder(tmp_path / "run.jsonl", warn=refuse)


def test_a_large_file_is_followed_by_the_next(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "run.jsonl", max_bytes=1000, warn=refuse)
    for _ in range(5):
        recorder.put(call(b"x" * 300))
    assert [path.name for path in recorder.paths][:3] == ["run.jsonl", "run-2.jsonl", "run-3.jsonl"]
    assert sum(len(whole_lines(path)) for path in recorder.paths) == 5
    assert all(path.stat().st_size <= 1000 for path in recorder.paths)


def test_the_oldest_recordings_go_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text('{"mine": 1}\n')
    for number in range(4):
        recorder = Recorder(tmp_path, keep=2, warn=refuse)
        recorder.put(call())
        recorder.close()
        os.utime(recorder.paths[0], (number, number))
        last = recorder.paths[0]
    left = {path.name for path in tmp_path.iterdir()}
    assert len(left) == 3
    assert {"mine.jsonl", last.name} <= left


def test_a_full_disk_stops_recording_with_one_warning_and_leaves_complete_whole_lines(tmp_path: Path) -> None:
    warnings: list[str] = []
    recorder = Recorder(tmp_path / "run.jsonl", warn=warnings.append)
    with files_of_at_most(2000):
        written = [recorder.put(call(b"x" * 400)) for _ in range(6)]
    assert (written[0], written[-1], recorder.stopped) == (True, False, True)
    assert len(warnings) == 1
    assert "recording stopped, the application goes on" in warnings[0]
    assert len(whole_lines(tmp_path / "run.jsonl")) == sum(written)


def test_a_fault_of_the_recorder_is_a_warning(tmp_path: Path) -> None:
    class Broken:
        def line(self) -> bytes:
            raise RuntimeError("a fault")

    warnings: list[str] = []
    recorder = Recorder(tmp_path / "run.jsonl", warn=warnings.append)
    assert not recorder.put(Broken())
    assert recorder.put(call())
    assert warnings == ["a call could not be written: RuntimeError: a fault"]


@pytest.mark.parametrize(
    "header",
    ["authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "helicone-auth", "cf-aig-authorization",
     "x-amz-security-token", "x-custom-token"],
)  # fmt: skip
def test_a_credential_is_never_written(header: str) -> None:
    made = call(f'{{"said": "{KEY}"}}'.encode(), **{header: f"Bearer {KEY}"})
    made.received(KEY.encode())
    assert KEY not in made.line().decode()


def test_a_short_word_that_serves_as_key_leaves_bodies_as_sent() -> None:
    made = call(b'{"model": "ollama"}', authorization="Bearer ollama")
    held = json.loads(made.line())
    assert held["request"]["body"] == '{"model": "ollama"}'
    assert held["request"]["headers"] == [["authorization", "Bearer <REDACTED:credential:1>"]]


@pytest.mark.parametrize(
    ("url", "kept"),
    [("https://g.example/v1beta/models/m:generateContent?key=AIzaFake123&alt=sse", "alt=sse"),
     ("https://me:secret123@g.example/v1", "https://g.example/v1"),
     ("https://g.example/v1?api-version=2024-10-21", "api-version=2024-10-21")],
)  # fmt: skip
def test_addresses_keep_what_is_no_secret(url: str, kept: str) -> None:
    written = json.loads(Call("GET", url, []).line())["request"]["url"]
    assert kept in written
    assert "AIzaFake123" not in written
    assert "secret123" not in written


def test_other_headers_are_written_as_sent() -> None:
    made = call(b"{}", **{"anthropic-version": "2023-06-01", "x-ratelimit-limit-tokens": "30000"})
    assert json.loads(made.line())["request"]["headers"] == [
        ["anthropic-version", "2023-06-01"], ["x-ratelimit-limit-tokens", "30000"]]  # fmt: skip
