"""A run that is shared out among processes says what one process says, and ends as one does."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.commands.check import jobs
from ctxdebug.engine.run import RunOptions
from ctxdebug.engine.workers import Workers, processors, worth
from ctxdebug.errors import UsageError, WorkerLostError
from tests.conversations import transcribed
from tests.shell import ROOT, ctxdebug

OUTPUTS = {
    "json": "r.json",
    "html": "r.html",
    "sarif": "r.sarif",
    "junit": "r.xml",
    "markdown": "r.md",
    "gitlab": "r.gl",
    "github": "r.gh",
}


@pytest.fixture
def captures(tmp_path: Path) -> Path:
    """Captures of many kinds: sessions across files and interleaved in one, what is no capture, what is broken."""
    folder = tmp_path / "captures"
    for name in ("openai.chat/leave-bot.json", "openai.chat/meal-planner-summary.session.jsonl"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "fixtures" / "captures" / name, folder / name)
    turns = [row for at in range(3) for row in (turn("pallets", at), turn("ladders", at))]
    (folder / "interleaved.jsonl").write_text("".join(json.dumps(row) + "\n" for row in turns))
    (folder / "goes-on.jsonl").write_text("".join(json.dumps(turn("pallets", at)) + "\n" for at in (3, 4)))
    (folder / "broken.json").write_text('{"request": ')
    return folder


def turn(about: str, at: int) -> dict[str, Any]:
    """A turn of a conversation that resends its history."""
    messages: list[dict[str, str]] = [
        {"role": "system", "content": f"You know {about}. Answer in one sentence. Never name a price."}
    ]
    for number in range(at + 1):
        messages.append(
            {
                "role": "user",
                "content": f"Question {number}: what should I know of {about} before I buy the next {number + 3}?",
            }
        )
        messages.append(
            {
                "role": "assistant",
                "content": f"The {about} number {number} cost {number + 2} euros each. They last for {number} years.",
            }
        )
    choice = {"index": 0, "message": messages.pop(), "finish_reason": "stop"}
    return {
        "request": {"model": "gpt-4o", "messages": messages},
        "response": {"id": f"{about}{at}", "object": "chat.completion", "choices": [choice]},
    }


def test_every_report_is_that_of_one_process(captures: Path) -> None:
    words = [word for form, name in OUTPUTS.items() for word in ("--format", form, "--output", name)]
    told: list[tuple[int, str, str]] = []
    written: list[list[bytes]] = []
    for number in ("1", "2"):
        named = (*words, "--format", "text", "--jobs", number, "--verbose")
        done = ctxdebug("check", "captures", *named, cwd=captures.parent)
        told.append((done.returncode, done.stdout, done.stderr))
        written.append([(captures.parent / name).read_bytes() for name in OUTPUTS.values()])
    assert told[0][0] == 2
    assert b"LRC" in written[0][0]
    assert told[0] == told[1]
    assert written[0] == written[1]


def test_a_killed_process_is_one_line_and_exit_2(captures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(workers: Workers) -> Workers:
        for process in multiprocessing.active_children():
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
        return workers

    monkeypatch.setattr(Workers, "__enter__", killed)
    done = ctxdebug("check", "captures", "-j", "2", cwd=captures.parent)
    assert (done.returncode, done.stderr) == (
        2, "ctxdebug: a process of --jobs ended before its work was done (signal 9); run again with fewer, or without\n",
    )  # fmt: skip
    assert multiprocessing.active_children() == []


def test_an_interrupted_run_leaves_no_process(captures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Workers, "_take", interrupted)
    done = ctxdebug("check", "captures", "-j", "2", cwd=captures.parent)
    assert done.returncode == 130
    assert done.stderr.startswith("ctxdebug: interrupted")
    assert done.stderr.count("\n") == 1
    assert multiprocessing.active_children() == []


def test_a_capture_that_changed_meanwhile_is_told() -> None:
    workers = Workers.__new__(Workers)
    (one,) = transcribed("user: Hello.\nassistant: Hello to you.\n")
    vars(workers)["_found"] = {1: ("another.json", "", (), b"")}
    with pytest.raises(WorkerLostError, match="changed while it was being read"):
        workers._take(1, one)


def test_as_many_processes_as_pay(tmp_path: Path) -> None:
    small, large = tmp_path / "small.json", tmp_path / "large.json"
    small.write_bytes(b"x" * 1000)
    large.touch()
    os.truncate(large, 100_000_000)
    assert worth(None, [str(small), "missing"], RunOptions()) == 1
    assert worth(None, [str(large)], RunOptions()) == processors()
    assert worth(5, [str(small)], RunOptions()) == 5
    assert worth(5, ["-"], RunOptions()) == 1


@pytest.mark.parametrize(("word", "number"), [("1", 1), ("8", 8), ("auto", None)])
def test_words_for_jobs(word: str, number: int | None) -> None:
    assert jobs(word) == number


@pytest.mark.parametrize("word", ["0", "-1", "many", "", "1000", "1.5"])
def test_other_words_for_jobs(word: str) -> None:
    with pytest.raises(UsageError, match="--jobs: a number from 1 to 256, or auto"):
        jobs(word)
