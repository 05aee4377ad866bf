"""The session on a screen, as JSON that follows its schema, and as a page that holds each text once."""

from __future__ import annotations

import base64
import gzip
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ctxdebug.reports.session.words import duration, money, short_number
from tests.engine.test_session import LOSES, port
from tests.runs import FORMATS, Made
from tests.shell import ctxdebug


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return port(LOSES, touch=True).write("claude-code", tmp_path / "run.jsonl")


def test_the_screen_has_at_most_24_rows(log: Path) -> None:
    shown = ctxdebug("session", str(log))
    assert shown.returncode == 0
    rows = shown.stdout.splitlines()
    assert len(rows) <= 24
    assert "12 turns" in rows[0]
    for words in (
        "compaction (auto) before turn 8",
        "lost at turn 8",
        "broken at turn 11",
        "MEM106",
        "the system prompt and the tool",
    ):
        assert words in " ".join(shown.stdout.split())


@pytest.mark.parametrize("form", FORMATS)
def test_a_turn_shows_what_entered_and_what_left(form: str, tmp_path: Path) -> None:
    log = port(LOSES).write(form, tmp_path / "run.jsonl")
    shown = ctxdebug("session", str(log), "--turn", "8").stdout
    assert "compaction before this turn" in shown
    assert re.search(r"entered +\+ user", shown)
    assert re.search(r"left +− ", shown)


def test_there_is_no_turn_13(log: Path) -> None:
    assert "there is no turn 13" in ctxdebug("session", str(log), "--turn", "13").stderr


def test_json_follows_its_schema(log: Path, tmp_path: Path) -> None:
    schema = json.loads(files("ctxdebug.reports.session").joinpath("session.schema.json").read_text("utf-8"))
    for path in (log, Path("fixtures/captures/openai.chat/leave-bot.session.jsonl"), Path("fixtures/rules/CST106")):
        held = json.loads(ctxdebug("session", str(path), "--format", "json").stdout)
        jsonschema.validate(held, schema)
    assert held["sessions"]


def test_diff_of_two_turns_shows_the_compaction(log: Path) -> None:
    shown = ctxdebug("diff", str(log), "--turns", "7..8")
    assert shown.returncode == 1
    assert "never touch migrations/" in shown.stdout
    assert "--turns takes two numbers" in ctxdebug("diff", str(log), "--turns", "7").stderr


def test_a_folder_lists_its_sessions_and_the_rates(tmp_path: Path) -> None:
    for form in ("claude-code", "pi"):
        port(LOSES).write(form, tmp_path / f"{form}.jsonl")
    shown = ctxdebug("session", str(tmp_path)).stdout
    assert "2 sessions · 24 turns" in shown
    assert "not enough data" in shown


def test_the_newest_session_of_a_tool(tmp_path: Path) -> None:
    folder = tmp_path / "projects" / "work"
    folder.mkdir(parents=True)
    port(LOSES).write("claude-code", folder / "one.jsonl")
    shown = ctxdebug("session", "--latest", "claude-code", CLAUDE_CONFIG_DIR=str(tmp_path))
    assert "12 turns" in shown.stdout
    assert "one.jsonl" in shown.stderr


def test_inspect_offers_the_session(log: Path) -> None:
    assert "ctxdebug session" in ctxdebug("inspect", str(log)).stdout


def test_check_reports_a_history_once(tmp_path: Path) -> None:
    for form in FORMATS:
        log = port(LOSES).write(form, tmp_path / f"{form}.jsonl")
        told = ctxdebug("check", str(log), "--format", "concise", "--select", "MEM1,LRC207").stdout
        assert (told.count("MEM106"), told.count("MEM110"), told.count("LRC207")) == (1, 1, 0)


def packed(page: str) -> dict[str, Any]:
    """The data of a page."""
    found = re.search(r'<div id="data" hidden>([^<]*)</div>', page)
    assert found
    held: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(found[1])))
    return held


@pytest.mark.parametrize("form", FORMATS)
def test_the_page_has_every_text_once_and_every_turn(form: str, tmp_path: Path) -> None:
    log, out = port(LOSES).write(form, tmp_path / "run.jsonl"), tmp_path / "run.html"
    assert ctxdebug("session", str(log), "--html", str(out)).returncode == 0
    held = packed(out.read_text("utf-8"))
    texts = [(row[0], row[1], row[3]) for row in held["blocks"]]
    assert len(texts) == len(set(texts))
    context: list[int] = []
    sizes = []
    for turn in held["turns"]:
        context = context[: turn["p"]] + turn["a"]
        sizes.append(len(context))
    assert sizes[:7] == sorted(sizes[:7])
    assert sizes[7] <= 3
    assert sum(RULE_WORDS in row[3] for row in held["blocks"]) == 1


RULE_WORDS = "never touch migrations/"


def test_a_secret_is_masked_in_the_page_and_a_script_is_text(tmp_path: Path) -> None:
    made = Made()
    secret = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
    made.user(f"</div><script>window.pwned=1</script> the token is {secret} <img src=x onerror=alert(1)> \u202e")
    made.say(f"I will use {secret}.")
    log, out = made.write("claude-code", tmp_path / "run.jsonl"), tmp_path / "run.html"
    ctxdebug("session", str(log), "--html", str(out))
    page = out.read_text("utf-8")
    assert secret not in page
    assert "<script>window" not in page
    assert "<img" not in page
    assert secret not in json.dumps(packed(page))
    assert "\u202e" not in json.dumps(packed(page), ensure_ascii=False)
    assert page.count("<script") == 1


@pytest.mark.parametrize(
    ("number", "words"),
    [(12, "12"), (999, "999"), (999_600, "1.0 M"), (1500, "1.5 k"), (148_000, "148 k"), (9_100_000, "9.1 M")],
)
def test_large_numbers(number: int, words: str) -> None:
    assert short_number(number) == words


def test_durations_and_money() -> None:
    assert [duration(seconds) for seconds in (40, 700, 11_520, 200_000)] == ["40 s", "12 min", "3 h 12 min", "2 d 7 h"]
    assert [money(amount) for amount in (18.4, 0.049, 0)] == ["$18.40", "$0.049", "$0.00"]
