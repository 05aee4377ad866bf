"""What a terminal gets: colour when it wants it, links, groups by file, ASCII where its encoding is poor; a pipe gets lines."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import pytest

from ctxdebug.commands.painting import painted
from ctxdebug.commands.terminal import allow_poor_encodings, set_color, wants_color
from ctxdebug.errors import UsageError
from ctxdebug.reports.grouped import folded
from tests.shell import Output, ctxdebug

ROOT = Path(__file__).parent.parent.parent
CUT = ROOT / "fixtures" / "captures" / "openai.chat" / "sql-helper.json"
CASES = str(ROOT / "fixtures" / "cases")
SELECT = ("--select", "MEM103")
ESC = "\x1b"


@pytest.mark.parametrize(
    ("when", "terminal", "environ", "wanted"),
    [
        ("auto", True, {"TERM": "xterm"}, True),
        ("auto", False, {"TERM": "xterm"}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", True, {"TERM": "xterm", "NO_COLOR": "1"}, False),
        ("auto", True, {"TERM": "xterm", "NO_COLOR": ""}, True),
        ("auto", True, {"TERM": "xterm", "CLICOLOR": "0"}, False),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"FORCE_COLOR": "0"}, False),
        ("auto", False, {"CLICOLOR_FORCE": "1"}, True),
        ("auto", False, {"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_follows_the_option_then_the_environment_then_the_terminal(
    when: str, terminal: bool, environ: dict[str, str], wanted: bool
) -> None:
    set_color(when)
    try:
        assert wants_color(Output(terminal), environ) is wanted
    finally:
        set_color("auto")


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(UsageError, match="did you mean never"):
        set_color("nevr")


def test_a_pipe_gets_a_line_a_finding_and_no_escapes(tmp_path: Path) -> None:
    done = ctxdebug("check", str(CUT), *SELECT, cwd=tmp_path)
    assert done.stdout.startswith(f"{CUT}:74:22656: MEM103 error answer-cut: ")
    assert ESC not in done.stdout + done.stderr


def test_a_terminal_gets_groups_colours_and_links(tmp_path: Path) -> None:
    done = ctxdebug("check", str(CUT), *SELECT, cwd=tmp_path, terminal=True, COLUMNS="100")
    lines = done.stdout.splitlines()
    assert f"{ESC}]8;" in lines[0]
    assert CUT.resolve().as_uri() in lines[0]
    assert "74:22656" in lines[1]
    assert f"{ESC}[1;31merror" in lines[1]
    plain = ctxdebug("check", str(CUT), *SELECT, cwd=tmp_path, terminal=True, NO_COLOR="1").stdout
    assert ESC not in plain
    assert plain.startswith(f"{CUT}\n  74:22656  error   MEM103  ")


def test_concise_is_one_line_a_finding_also_in_a_terminal(tmp_path: Path) -> None:
    settings = {"cwd": tmp_path, "terminal": True, "NO_COLOR": "1"}
    done = ctxdebug("check", str(CUT), *SELECT, "--format", "concise", **settings)  # type: ignore[arg-type]  # variables of the environment beside options
    assert done.stdout.startswith(f"{CUT}:74:22656: MEM103 error answer-cut: ")


@pytest.mark.parametrize(
    "arguments", [("rules",), ("explain", "MEM101"), ("formats",), ("budget", str(CUT)), ("diff", str(CUT), str(CUT))]
)
def test_colour_changes_no_word(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    from rich.text import Text

    plain = ctxdebug(*arguments, cwd=tmp_path).stdout
    coloured = ctxdebug(*arguments, "--color", "always", cwd=tmp_path).stdout
    assert Text.from_ansi(coloured).plain.rstrip("\n") == plain.rstrip("\n").replace("\r", "")


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "markdown", "html", "github", "gitlab"])
def test_no_format_for_programs_gets_colour(tmp_path: Path, form: str) -> None:
    done = ctxdebug("check", str(CUT), "--format", form, cwd=tmp_path, terminal=True, FORCE_COLOR="1")
    assert ESC not in done.stdout


def test_captured_text_gets_no_colour_of_a_verdict() -> None:
    line = 'a.json:1:2: MEM103 error answer-cut: it says "b.json:3:4: MEM101 note x: pass"'
    shown = painted(line)
    assert shown.count(f"{ESC}[1;31m") == 1
    assert f"{ESC}[36m" not in shown


@pytest.mark.parametrize("verdict", [("PASS", "32"), ("FAIL", "1;31"), ("UNDECIDED", "33"), ("not read", "1;31")])
def test_an_eval_has_the_colours_of_its_verdicts(verdict: tuple[str, str]) -> None:
    word, color = verdict
    assert painted(f" {word:<9}  a-case  it says FAIL\n").count(ESC) == 2
    assert f"{ESC}[{color}m{word}" in painted(f" {word:<9}  a-case  it says FAIL\n")


def test_the_words_of_a_case_get_no_colour_of_a_verdict() -> None:
    assert ESC not in painted("PASSAGE FAIL\nFAILED\n  1 PASS\n")


@pytest.mark.parametrize("arguments", [("eval", CASES), ("case", "list", CASES)])
def test_cases_have_colour_in_a_terminal_and_none_in_a_pipe(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    from rich.text import Text

    piped = ctxdebug(*arguments, cwd=tmp_path).stdout
    shown = ctxdebug(*arguments, cwd=tmp_path, terminal=True).stdout
    assert ESC not in piped
    code = "1;31mMEM403" if arguments[0] == "case" else "32mPASS"
    assert f"{ESC}[{code}" in shown
    timeless = [re.sub(r"[0-9.]+ s$", "", line.rstrip()) for line in piped.splitlines()]
    assert [re.sub(r"[0-9.]+ s$", "", line) for line in Text.from_ansi(shown).plain.splitlines()] == timeless


def test_painting_is_linear() -> None:
    assert painted(":1:1" * 20_000)
    assert painted("x" * 200_000 + ": MEM103 erro")


def test_an_encoding_without_the_characters_gets_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    allow_poor_encodings()
    stream.write("├ “ten” days → 5 … ✓ é 中")
    stream.flush()
    assert raw.getvalue() == b'| "ten" days -> 5 ... + \\xe9 \\u4e2d'


def test_notes_that_one_prompt_causes_in_many_exchanges_are_folded(tmp_path: Path) -> None:
    line = json.dumps(json.loads((CUT.parent / "leave-bot.json").read_text(encoding="utf-8")))
    (tmp_path / "log.jsonl").write_text("\n".join([line] * 4) + "\n", encoding="utf-8")
    done = ctxdebug("check", "log.jsonl", "--select", "LRC405", cwd=tmp_path, terminal=True, NO_COLOR="1")
    assert "(×4)" in done.stdout
    assert done.stdout.count("LRC405") == 1
    assert folded([]) == []


def test_at_most_so_many_findings_are_printed(tmp_path: Path) -> None:
    done = ctxdebug("check", str(CUT.parent), "--max-findings", "2", "--quiet", cwd=tmp_path)
    lines = done.stdout.splitlines()
    assert len(lines) == 3
    assert "more findings not shown (--max-findings 2)" in lines[2]
    assert done.returncode == 1


@pytest.mark.parametrize("columns", ["20", "59", "60", "200"])
def test_every_width_has_room_for_a_group(tmp_path: Path, columns: str) -> None:
    done = ctxdebug("check", str(CUT), *SELECT, cwd=tmp_path, terminal=True, NO_COLOR="1", COLUMNS=columns)
    assert "MEM103" in done.stdout
    assert done.returncode == 1
