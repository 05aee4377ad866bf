"""Two hundred lines a language that instruct no model, half of them close to the phrases that are known: none may alarm."""

from __future__ import annotations

import tomllib
from itertools import product
from pathlib import Path

from ctxdebug.analysis.directives.grading import framed
from ctxdebug.analysis.directives.passages import found_in
from ctxdebug.analysis.directives.scorer import Channel
from ctxdebug.analysis.directives.wording import carried

LINES = tomllib.loads(Path(__file__).with_name("benign_lines.toml").read_text("utf-8"))


def lines(language: str) -> list[str]:
    known = LINES[language]
    gap = "" if known["ends"][0][0] in ",。" else " "
    return [f"{head}{gap}{end}" for head, end in product([*known["notices"], *known["near"]], known["ends"])]


def test_no_line_in_any_language_reads_like_an_instruction_to_the_model() -> None:
    assert LINES.keys() == carried()
    alarms = {
        line: found
        for language in LINES
        for line in lines(language)
        if (found := [one for one in found_in(line, Channel.DATA, (), False) if one.reason is None and framed(one)])
    }
    assert list(alarms) == []


def test_there_are_two_hundred_lines_in_each_language() -> None:
    assert {language: len(set(lines(language))) for language in LINES} == dict.fromkeys(LINES, 200)
