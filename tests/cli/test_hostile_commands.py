"""Every command with every kind of broken input and every kind of output: one line, exit 2, and nothing is destroyed."""

from __future__ import annotations

import gzip
import json
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.shell import ctxdebug

QUESTION = [{"role": "user", "content": "How many days?"}]
ANSWER = {
    "index": 0,
    "message": {"role": "assistant", "content": "You may carry over 10 days."},
    "finish_reason": "stop",
}
CASE = "fixtures/cases/good-bad.yaml"
FREEZE = ("freeze", "good.json", "--expect", "contains:5 days", "--good", "5 days", "--id")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    good = {"request": {"model": "gpt-4o", "messages": QUESTION}, "response": {"id": "r", "choices": [ANSWER]}}
    (tmp_path / "good.json").write_text(json.dumps(good), encoding="utf-8")
    (tmp_path / "other.json").write_text(json.dumps(good).replace("10 days", "9 days"), encoding="utf-8")
    assert ctxdebug(*FREEZE, "good-bad", cwd=tmp_path).returncode == 0
    return tmp_path


def broken(folder: Path) -> dict[str, str]:
    """Names of inputs that nobody can read, and of cases that are none."""
    data = bytearray(gzip.compress((folder / "good.json").read_bytes() * 30))
    data[len(data) // 2] ^= 0xFF
    (folder / "flipped.json.gz").write_bytes(data)
    (folder / "deep.json").write_text("[" * 90_000, encoding="utf-8")
    (folder / "nul.json").write_bytes(b"\0" * 100)
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to("loop")
    case = (folder / CASE).read_text(encoding="utf-8")
    (folder / "format.yaml").write_text(case.replace("openai.chat", "no.such.format"), encoding="utf-8")
    (folder / "tag.yaml").write_text(f"{case}\nextra: !!python/object/apply:os.system [id]\n", encoding="utf-8")
    names = {
        name: name for name in ("flipped.json.gz", "deep.json", "nul.json", "pipe", "loop", "format.yaml", "tag.yaml")
    }
    return names | {
        "a name over 255": "x" * 300, "a deep path": "a/" * 3000, "a NUL in a name": "a\0b", "a surrogate": "\udcff.json",
        "no name": "", "a broken URL": "http://[::1",
    }  # fmt: skip


PROOF = ("--endpoint", "http://127.0.0.1:9/v1", "--expect", "contains:5 days", "--retries", "0", "-q")
READERS: dict[str, tuple[str, ...]] = {
    "inspect": ("inspect", "@"), "check": ("check", "@"), "budget": ("budget", "@"), "diff": ("diff", "good.json", "@"), "freeze": ("freeze", "@", "--accept"),
    "share": ("share", "@"), "session": ("session", "@"), "scan": ("scan", "@", "-o", "f.parquet", "-q"),
    "shrink": ("shrink", "@", "--endpoint", "http://127.0.0.1:9/v1"),
    "gate": ("gate", "@"), "gate --cases": ("gate", "good.json", "--cases", "@"), "eval": ("eval", "@"), "mutate": ("mutate", "@"),
    "case lint": ("case", "lint", "@"), "case verify": ("case", "verify", "@"), "case list": ("case", "list", "@"), "case show": ("case", "show", "@"),
    "case survey": ("case", "survey", "--captures", "@"), "export": ("export", "@", "--to", "jsonl"), "--baseline": ("check", "good.json", "--baseline", "@"),
    "--config": ("check", "good.json", "--config", "@"), "--recorded": ("eval", "--recorded", "@"), "--since": ("check", "good.json", "--since", "@"),
    "blame": ("blame", "@", *PROOF), "fix": ("fix", "@", *PROOF), "--replay": ("shrink", "good.json", *PROOF[2:4], "--replay", "@"),
    "--record": ("shrink", "good.json", *PROOF, "--record", "@"), "--suite": ("fix", "good.json", *PROOF, "--suite", "@"),
    "report": ("report", "@"), "--settings": ("agent", "claude-code", "--settings", "@", "-y"),
    "--endpoint": ("eval", "--endpoint", "@", "--budget", "1", "--retries", "0"), "a name alone": ("@",),
}  # fmt: skip
OTHERWISE = {"--endpoint": {0, 2, 3}, "--suite": {2, 3}, "--record": {2, 3}}
"""Exit codes of commands that go on to an endpoint that nobody serves."""
LENIENT = {
    "--settings": {"a surrogate"},
    "case show": {"format.yaml"},
    "case list": {"format.yaml"},
    "export": {"format.yaml"},
}
"""A case of a format that we do not know can be shown and handed on; it cannot be run. A file may have an odd name."""


@pytest.mark.parametrize("command", READERS)
def test_what_cannot_be_read_is_never_a_finding(folder: Path, command: str) -> None:
    for kind, name in broken(folder).items():
        done = ctxdebug(*(name if word == "@" else word for word in READERS[command]), cwd=folder)
        said = done.stdout + done.stderr
        allowed = {0, 2, 3} if kind in LENIENT.get(command, ()) else OTHERWISE.get(command, {2})
        assert done.returncode in allowed, (kind, done.returncode, said)
        assert "Traceback" not in said, kind
        assert "report it" not in said, kind


DEEP: dict[str, tuple[str, ...]] = {
    "share": ("share", "@"), "shrink": ("shrink", "@", *PROOF), "blame": ("blame", "@", *PROOF), "fix": ("fix", "@", *PROOF), "freeze": ("freeze", "@", "--accept", *PROOF[2:4], "--good", "5 days"),
    "defang": ("inspect", "@", "--defang", "harmless.json"), "diff": ("diff", "@", "good.json", "--format", "json"), "session": ("session", "@", "--html", "page.html"), "budget": ("budget", "@", "--format", "json"),
}  # fmt: skip


@pytest.mark.parametrize("command", DEEP)
def test_what_can_be_read_but_not_be_worked_on_for_its_depth_is_one_line(folder: Path, command: str) -> None:
    schema = '{"a":' * 900 + "1" + "}" * 900
    text = (folder / "good.json").read_text(encoding="utf-8")
    tool = '"tools": [{"type": "function", "function": {"name": "look", "parameters": ' + schema + "}}], "
    (folder / "nested.json").write_text(text.replace('"messages"', tool + '"messages"'), encoding="utf-8")
    done = ctxdebug(*("nested.json" if word == "@" else word for word in DEEP[command]), cwd=folder)
    assert done.returncode in {0, 1, 2, 3}
    assert "report it" not in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["share", "freeze", "defang", "diff", "budget"])
def test_no_file_that_is_written_has_a_hidden_character_and_all_are_read_again(folder: Path, command: str) -> None:
    text = (folder / "good.json").read_text(encoding="utf-8")
    odd = "\\u202e \\ud800 \\u3164 \\u200b \\u009b \\udb40\\udd50"
    (folder / "odd.json").write_text(text.replace("days", f"days {odd}").replace("gpt-4o", f"gpt-4o{odd}"), "utf-8")
    arguments = {**DEEP, "diff": ("diff", "@", "other.json", "--format", "json")}[command]
    done = ctxdebug(*("odd.json" if word == "@" else word for word in arguments), cwd=folder)
    assert done.returncode in {0, 1}, done.stderr
    written = [path for path in folder.rglob("*") if path.name == "harmless.json" or path.suffix == ".yaml"]
    for shown in (done.stdout, *(path.read_text(encoding="utf-8") for path in written)):
        assert not set(shown) & set("\u202e\ud800\u3164\u200b\u009b\U000e0150")
    if command in {"share", "diff", "budget"}:
        json.loads(done.stdout)


@pytest.mark.parametrize("command", ["watch", "mcp"])
@pytest.mark.parametrize("kind", ["pipe", "loop", "a name over 255", "a NUL in a name", "no name"])
def test_what_cannot_be_followed_or_served_is_one_line(folder: Path, command: str, kind: str) -> None:
    done = ctxdebug(command, broken(folder)[kind], cwd=folder)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "report it" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_recording_whose_name_is_none_is_one_line(folder: Path) -> None:
    done = ctxdebug("capture", "-o", "a\0b", "--", "true", cwd=folder)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


WRITERS: dict[str, tuple[str, ...]] = {
    "check": ("check", "good.json", "--format", "text", "-o", "@"), "inspect": ("inspect", "good.json", "-o", "@"), "budget": ("budget", "good.json", "-o", "@"),
    "diff": ("diff", "good.json", "other.json", "-o", "@"), "gate": ("gate", "good.json", "-o", "@"), "eval": ("eval", "-o", "@"),
    "--html": ("inspect", "good.json", "--html", "@"), "--defang": ("inspect", "good.json", "--defang", "@"),
    "share": ("share", "good.json", "-o", "@"), "session": ("session", "good.json", "--html", "@"),
}  # fmt: skip


def run(folder: Path, command: str, output: str) -> Any:
    return ctxdebug(*(output if word == "@" else word for word in WRITERS[command]), cwd=folder)


@pytest.mark.parametrize("command", WRITERS)
def test_an_output_that_is_no_regular_file_is_never_replaced(folder: Path, command: str) -> None:
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    (folder / "link.txt").symlink_to("mine.txt")
    (folder / "dangling.txt").symlink_to("nowhere.txt")
    (folder / "into").mkdir()
    for output in ("link.txt", "dangling.txt", "into", "/dev/full"):
        done = run(folder, command, output)
        assert done.returncode == 2, (output, done.stdout, done.stderr)
        assert done.stderr.count("\n") == 1, (output, done.stderr)
    assert (folder / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert (folder / "link.txt").is_symlink()
    assert not (folder / "nowhere.txt").exists()
    assert Path("/dev/full").is_char_device()
    os.mkfifo(folder / "pipe.txt")
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append((folder / "pipe.txt").read_bytes()))
    reader.start()
    run(folder, command, "pipe.txt")
    reader.join(timeout=20)
    assert got
    assert got[0]
    assert (folder / "pipe.txt").is_fifo()


@pytest.mark.parametrize(("mask", "mode"), [(0o077, 0o600), (0o027, 0o640)])
def test_everything_that_is_written_obeys_the_umask(folder: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        for number, command in enumerate(WRITERS):
            run(folder, command, f"out-{number}.txt")
        ctxdebug(*FREEZE, "again", "--cases", "new/cases", cwd=folder)
        ctxdebug("export", "--to", "promptfoo", "-o", "exported", cwd=folder)
        ctxdebug("mutate", CASE, "-o", "mutants", cwd=folder)
        ctxdebug("check", "good.json", "--write-baseline", cwd=folder)
        ctxdebug("init", "started", "-y", "-q", cwd=folder)
    finally:
        os.umask(before)
    old = {"good.json", "other.json", *(path.name for path in (folder / "fixtures").rglob("*"))}
    written = [path for path in folder.rglob("*") if path.is_file() and path.name not in old]
    assert len(written) > len(WRITERS) + 4
    assert {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in written} == {
        path.name: oct(mode) for path in written
    }


def test_a_folder_of_cases_that_leads_out_through_a_link_is_refused(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    long = {
        "request": {"model": "gpt-4o", "messages": [{"role": "user", "content": "How many? " + "page " * 4000}]},
        "response": {"choices": [ANSWER]},
    }
    (folder / "long.json").write_text(json.dumps(long), encoding="utf-8")
    (folder / "out").mkdir()
    (folder / "out" / "blobs").symlink_to(folder / "elsewhere")
    done = ctxdebug(
        "freeze", "long.json", "--expect", "contains:5 days", "--good", "5 days", "--cases", "out", cwd=folder
    )
    assert done.returncode == 2, done.stdout
    assert "leads out" in done.stderr
    assert list((folder / "elsewhere").iterdir()) == []
