"""The status line and the hook: what they say, what they leave out, and that they never fail."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.agents import hook, status_line
from ctxdebug.agents.fill import Fill, fill
from ctxdebug.agents.log_tail import Tail, tail
from ctxdebug.agents.lost_instructions import last_compaction
from ctxdebug.agents.notes import Note, clear_notes, note_path, read_note, write_note
from tests.runs import Made
from tests.shell import ROOT, ctxdebug

RULE = "Never touch the folder migrations/."
USAGE = {"input_tokens": 1_000, "cache_creation_input_tokens": 4_000, "cache_read_input_tokens": 95_000}


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CTXDEBUG_CACHE_DIR", str(tmp_path / "cache"))
    for name in (
        "DISABLE_AUTO_COMPACT",
        "CLAUDE_AUTOCOMPACT_PCT_OVERRIDE",
        "CLAUDE_CODE_AUTO_COMPACT_WINDOW",
        "NO_COLOR",
    ):
        monkeypatch.delenv(name, raising=False)


def run(*, summary: str | None, then: bool = True) -> Made:
    """A run with a standing instruction, and a compaction where there is a summary."""
    made = Made()
    made.user(f"Please tidy up the repository. {RULE} Begin with the reading of the list of files.")
    for number in range(4):
        made.call("read", {"path": f"src/part{number}.py"}, f"def part{number}(): return {number}\n" * 40)
    made.say("The four files are read and can be tidied up one by one.")
    if summary is not None:
        made.compact(summary)
        if then:
            made.user("Go on with the next file now, please.")
            made.say("The next file is src/part1.py, which I tidy up now.")
    return made


LOSING = "The user asked for a tidy repository. Four files of src were read, and can be tidied up one by one."


def call(run_it: Any, **told: Any) -> str:
    out = io.StringIO()
    assert run_it.run(io.BytesIO(json.dumps(told).encode()), out) == 0
    return out.getvalue()


def prompt(log: Path) -> str:
    return call(hook, transcript_path=str(log), hook_event_name="UserPromptSubmit", prompt="x")


def stop(log: Path) -> None:
    assert call(hook, transcript_path=str(log), hook_event_name="Stop") == ""


def test_the_line_says_fill_replay_and_cache(tmp_path: Path) -> None:
    log = run(summary=None).write("claude-code", tmp_path / "log.jsonl")
    held = tail(str(log))
    assert held.prompt is not None
    assert held.before is not None
    assert 14_000 < held.before < held.prompt
    told = {"transcript_path": str(log), "context_window": {"context_window_size": 200_000, "current_usage": None}}
    assert call(status_line, **told) == "8% of 200k · 98% resent · 98% cached\n"


def test_the_agents_own_figures_come_first(tmp_path: Path) -> None:
    told = {"context_window": {"context_window_size": 200_000, "current_usage": USAGE}}
    assert call(status_line, **told) == "50% of 200k · 95% cached\n"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"context_window": {"current_usage": USAGE}}, "100k tokens · 95% cached\n"),
        ({"context_window": {"current_usage": USAGE}, "model": {"id": "claude-opus-4-6[1m]"}}, "10% of 1M · 95% cached\n"),
        ({}, "no log was named\n"),
        ({"transcript_path": "/no/such/log.jsonl"}, "no call yet\n"),
        ({"transcript_path": 3, "context_window": [], "model": 7}, "no log was named\n"),
        ({"context_window": {"current_usage": {"input_tokens": True, "cache_read_input_tokens": "x"}}}, "no log was named\n"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_left_out(told: dict[str, Any], expected: str) -> None:
    assert call(status_line, **told) == expected


@pytest.mark.parametrize("given", [b"", b"nonsense", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_whatever_comes_in_a_line_goes_out(given: bytes) -> None:
    out = io.StringIO()
    assert status_line.run(io.BytesIO(given), out) == 0
    assert out.getvalue() == "no log was named\n"
    assert hook.run(io.BytesIO(given), out) == 0


def test_the_pieces_of_one_answer_and_other_lines_are_no_calls(tmp_path: Path) -> None:
    usage = {"input_tokens": 10, "cache_read_input_tokens": 90}
    other = {"input_tokens": 5, "cache_read_input_tokens": 45}
    lines: list[dict[str, Any]] = [
        {"type": "assistant", "message": {"id": "a", "usage": other}},
        {"type": "assistant", "message": {"id": "b", "usage": usage}},
        {"type": "assistant", "message": {"id": "b", "usage": usage}},
        {"type": "assistant", "isSidechain": True, "message": {"id": "c", "usage": {"input_tokens": 9_999}}},
        {"type": "assistant", "isApiErrorMessage": True, "message": {"id": "d", "usage": {"input_tokens": 0}}},
        {"type": "user", "message": {"content": '"usage" "assistant" "compact_boundary"'}},
    ]
    log = tmp_path / "log.jsonl"
    log.write_text("\n".join(map(json.dumps, lines)) + '\n{"type": "assistant", "message": {"usage"')
    assert tail(str(log)) == Tail(100, 90, 50)


def test_the_end_is_read_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctxdebug.agents.log_tail._BLOCK", 7)
    log = run(summary=LOSING).write("claude-code", tmp_path / "log.jsonl")
    small = tail(str(log))
    monkeypatch.undo()
    assert small == tail(str(log))
    assert small.compacted


def test_only_so_much_of_a_long_log_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctxdebug.agents.log_tail._MOST", 2_000)
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps({"type": "assistant", "message": {"id": "a", "usage": USAGE}}) + "\n" + "x" * 3_000)
    assert tail(str(log)) == Tail()


@pytest.mark.parametrize(
    ("prompt_tokens", "note", "environ", "near"),
    [
        (150_000, Note(), {}, False),
        (161_000, Note(), {}, True),
        (150_000, Note(auto_at=155_000), {}, True),
        (140_000, Note(auto_at=155_000), {}, False),
        (161_000, Note(auto_at=198_000), {}, False),
        (100_000, Note(), {"CLAUDE_AUTOCOMPACT_PCT_OVERRIDE": "50"}, True),
        (161_000, Note(), {"DISABLE_AUTO_COMPACT": "1"}, False),
        (161_000, Note(), {"CLAUDE_AUTOCOMPACT_PCT_OVERRIDE": "no"}, True),
    ],
)
def test_when_a_compaction_is_near(prompt_tokens: int, note: Note, environ: dict[str, str], near: bool) -> None:
    told = {"context_window": {"context_window_size": 200_000, "current_usage": {"input_tokens": prompt_tokens}}}
    assert fill(told, Tail(), note, environ).near is near


def test_an_instruction_that_a_compaction_lost_is_warned_of_once_and_shown_until_it_is_said_again(
    tmp_path: Path,
) -> None:
    log = run(summary=LOSING).write("claude-code", tmp_path / "log.jsonl")
    assert prompt(log) == ""
    stop(log)
    assert read_note(str(log)).lost == (RULE,)
    message = json.loads(prompt(log))
    assert list(message) == ["systemMessage"]
    assert f"1 standing instruction lost by the compaction: “{RULE}”" in message["systemMessage"]
    assert prompt(log) == ""
    assert f"! 1 standing instruction lost by the compaction: “{RULE}”" in call(status_line, transcript_path=str(log))


def test_what_the_summary_kept_is_no_loss(tmp_path: Path) -> None:
    log = run(summary=f"{LOSING} The user also said: {RULE}").write("claude-code", tmp_path / "log.jsonl")
    stop(log)
    assert read_note(str(log)).lost == ()
    assert read_note(str(log)).upto > 0
    assert prompt(log) == ""


def test_what_was_said_again_is_no_loss(tmp_path: Path) -> None:
    made = run(summary=LOSING)
    made.user(f"And remember: {RULE}")
    made.say("Of course, that folder stays as it is.")
    log = made.write("claude-code", tmp_path / "log.jsonl")
    stop(log)
    assert read_note(str(log)).lost == ()


def test_what_is_said_again_later_is_no_longer_warned_of(tmp_path: Path) -> None:
    made = run(summary=LOSING)
    log = made.write("claude-code", tmp_path / "log.jsonl")
    stop(log)
    made.call("read", {"path": "notes.md"}, f"Somebody wrote: {RULE}")
    made.write("claude-code", log)
    stop(log)
    assert read_note(str(log)).lost == (RULE,)
    made.user(f"And remember:\n{RULE}")
    made.say("Of course.")
    made.write("claude-code", log)
    stop(log)
    assert read_note(str(log)).lost == ()


@pytest.mark.parametrize("made", [run(summary=None), run(summary=LOSING, then=False)])
def test_without_a_compaction_that_was_followed_by_a_call_nothing_is_noted(made: Made, tmp_path: Path) -> None:
    log = made.write("claude-code", tmp_path / "log.jsonl")
    stop(log)
    assert read_note(str(log)) == Note()


def test_a_log_is_examined_once_a_compaction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = run(summary=LOSING).write("claude-code", tmp_path / "log.jsonl")
    stop(log)
    monkeypatch.setattr("ctxdebug.agents.lost_instructions._session", lambda _: pytest.fail("examined again"))
    stop(log)
    assert read_note(str(log)).lost == (RULE,)


def test_a_log_that_is_too_large_says_so_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctxdebug.agents.lost_instructions._LARGEST", 100)
    log = run(summary=LOSING).write("claude-code", tmp_path / "log.jsonl")
    stop(log)
    assert "larger than 100 bytes" in read_note(str(log)).why_not
    assert "? what the compaction lost is not known" in call(status_line, transcript_path=str(log))


def test_instructions_of_a_file_count_and_a_line_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    made = run(summary=LOSING)
    rules = "Contents of CLAUDE.md (project instructions, checked into the codebase):\n- Never add a Co-Authored-By line to a commit.\n"
    made.events[
        0
    ].text = f"<system-reminder>\n{rules}</system-reminder>\nPlease tidy up the repository, beginning with the files."
    log = made.write("claude-code", tmp_path / "log.jsonl")
    lines = log.read_text("utf-8").splitlines()
    log.write_text("\n".join([*lines[:3], "not a line of a log", *lines[3:]]))
    stop(log)
    assert read_note(str(log)).lost == ("Never add a Co-Authored-By line to a commit.",)
    assert "could not be read" in read_note(str(log)).why_not


def test_a_note_is_the_users_alone_has_no_secret_and_is_cleared(tmp_path: Path) -> None:
    made = run(summary=LOSING)
    key = "sk-proj-" + "a1B2c3D4e5" * 4
    made.events[0].text += f" Never print the key {key} in any answer."
    log = made.write("claude-code", tmp_path / "log.jsonl")
    stop(log)
    path = note_path(str(log))
    assert path is not None
    assert key not in path.read_text("utf-8")
    assert len(read_note(str(log)).lost) == 2
    assert sys.platform == "win32" or path.stat().st_mode & 0o077 == 0
    assert clear_notes() == 1
    assert read_note(str(log)) == Note()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1}', '{"version": 2, "lost": []}', "[" * 50_000])
def test_a_damaged_note_is_none(text: str, tmp_path: Path) -> None:
    write_note("log", Note(1, ("x",)))
    path = note_path("log")
    assert path is not None
    path.write_text(text)
    assert read_note("log") == Note()


@pytest.mark.parametrize("kind", ["/dev/zero", "pipe", "folder"])
def test_what_is_no_log_does_not_hang_in_its_place(kind: str, tmp_path: Path) -> None:
    path = kind if kind.startswith("/") else str(tmp_path / kind)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        Path(path).mkdir()
    assert tail(path) == Tail()
    with pytest.raises(OSError, match=r"regular file|directory"):
        last_compaction(path, 0)


def test_hidden_characters_of_a_note_are_not_shown() -> None:
    assert "\x1b" not in status_line.line(Fill(10, 100), Note(lost=("never \x1b[2J\u202e",)))


def test_the_line_loads_next_to_nothing() -> None:
    code = "import io, sys; from ctxdebug.agents.status_line import run; run(io.BytesIO(b'{}'), sys.stderr); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    ours = sorted(name for name in done.stdout.split() if name.startswith("ctxdebug"))
    assert ours == [
        "ctxdebug", "ctxdebug.agents", "ctxdebug.agents.fill", "ctxdebug.agents.log_tail", "ctxdebug.agents.notes",
        "ctxdebug.agents.status_line", "ctxdebug.tokens", "ctxdebug.tokens.user_folders",
    ]  # fmt: skip
    assert not {"dataclasses", "inspect", "hashlib", "typer", "rich"} & set(done.stdout.split())


def test_both_are_commands() -> None:
    assert ctxdebug("status-line", stdin="{}").stdout == "no log was named\n"
    assert ctxdebug("agent-hook", stdin="{}").returncode == 0
    assert "one line" in ctxdebug("status-line", "--help").stdout
