"""A batch in two files: the answers find their requests beside them, and only there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.decoding.source import Source
from ctxdebug.locate import Locator
from tests.conversations import of_file

BODY = {"model": "m", "messages": [{"role": "user", "content": "Which gate?"}]}
ANSWER = {"object": "chat.completion", "choices": [{"message": {"role": "assistant", "content": "Gate 4."}}]}
OPENAI: tuple[dict[str, Any], dict[str, Any]] = (
    {"custom_id": "r1", "method": "POST", "url": "/v1/chat/completions", "body": BODY},
    {"id": "b", "custom_id": "r1", "response": {"status_code": 200, "body": ANSWER}, "error": None},
)
ANTHROPIC: tuple[dict[str, Any], dict[str, Any]] = (
    {"custom_id": "r1", "params": {**BODY, "max_tokens": 9}},
    {"custom_id": "r1", "result": {"type": "succeeded", "message": {
        "type": "message", "role": "assistant", "content": [{"type": "text", "text": "Gate 4."}]}}},
)  # fmt: skip
GEMINI: tuple[dict[str, Any], dict[str, Any]] = (
    {"key": "r1", "request": {"contents": [{"role": "user", "parts": [{"text": "Which gate?"}]}]}},
    {"key": "r1", "response": {"candidates": [{"content": {"role": "model", "parts": [{"text": "Gate 4."}]}}]}},
)


def written(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def second(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{key: "r2" for key in ("custom_id", "key") if key in row}}


@pytest.mark.parametrize(("asked", "answered"), [OPENAI, ANTHROPIC, GEMINI])
def test_answers_find_their_requests_in_any_order(tmp_path: Path, asked: Any, answered: Any) -> None:
    written(tmp_path / "input.jsonl", asked, second(asked))
    found = of_file(written(tmp_path / "output.jsonl", second(answered), answered))
    assert [[m.text for m in (*one.messages, *one.answer)] for one in found] == [["Which gate?", "Gate 4."]] * 2
    assert found[0].notes == ("the request is in input.jsonl, beside this file",)


def test_without_the_other_file_the_answer_says_what_is_missing(tmp_path: Path) -> None:
    written(tmp_path / "other.jsonl", second(OPENAI[0]), second(OPENAI[0]))
    (found,) = of_file(written(tmp_path / "output.jsonl", OPENAI[1], OPENAI[1]))[:1]
    assert found.messages == ()
    assert "its request is in the batch's input file" in found.notes[0]


def test_a_place_in_the_other_file_is_never_shown_as_one_of_this(tmp_path: Path) -> None:
    written(tmp_path / "input.jsonl", OPENAI[0], second(OPENAI[0]))
    path = written(tmp_path / "output.jsonl", OPENAI[1], second(OPENAI[1]))
    segment = of_file(path)[1].messages[0].segments[0]
    assert Locator(Source(str(path))).span(segment, 0, 5) is None
    assert segment.pieces[0].pointer[1] == "input.jsonl"


def test_a_broken_file_beside_it_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\xff\xfe{broken")
    written(tmp_path / "input.jsonl", OPENAI[0], second(OPENAI[0]))
    assert of_file(written(tmp_path / "output.jsonl", OPENAI[1], second(OPENAI[1])))[0].messages
