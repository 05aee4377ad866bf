"""Shapes that the fuzzer broke: values of a type that nobody expects, and text that lost its key or its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.decoding.source import Source
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem, Snapshot

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def loaded(path: Path, text: str) -> list[Snapshot | Problem]:
    path.write_text(text, encoding="utf-8")
    return list(load(Source(str(path)), LoadOptions()))


def notes(results: list[Snapshot | Problem]) -> list[str]:
    return [note for result in results if isinstance(result, Snapshot) for note in result.notes]


@pytest.mark.parametrize("odd", [["text"], {"a": 1}, 3, None])
def test_a_type_that_is_no_text_stops_nothing(tmp_path: Path, odd: Any) -> None:
    rows = [json.loads(line) for line in (FIXTURES / "formats/codex/gates.jsonl").read_text().splitlines()]
    rows.append({"type": "response_item", "payload": {"type": odd, "role": "user"}})
    rows.append({"type": odd, "payload": {"type": odd}})
    results = loaded(tmp_path / "gates.jsonl", "\n".join(json.dumps(row) for row in rows))
    assert any(isinstance(result, Snapshot) for result in results)


@pytest.mark.parametrize("odd", [["c1"], {"a": 1}, 3])
def test_a_call_id_that_is_no_text_breaks_no_rule(tmp_path: Path, odd: Any) -> None:
    items = [
        {"role": "user", "content": "Which gate?"},
        {"type": "function_call", "call_id": odd, "name": "gate", "arguments": "{}"},
        {"type": "function_call_output", "call_id": odd, "output": "Gate 4"},
        {"role": "user", "content": "And now?"},
    ]
    path = tmp_path / "items.json"
    path.write_text(
        json.dumps({"request": {"model": "gpt-4o", "input": items}, "response": {"object": "response", "output": []}})
    )
    assert [problem.message for problem in run([str(path)], RunOptions()).problems if problem.ours] == []


@pytest.mark.parametrize(
    "wrap", [lambda body: {"a": body}, lambda body: {"content": body}, lambda body: {"a": {"b": [body]}}]
)
def test_a_request_that_no_message_is_read_from_is_told(tmp_path: Path, wrap: Any) -> None:
    held = json.loads((FIXTURES / "formats/anthropic.complete/gate.json").read_text())
    held["request"] = wrap(held["request"])
    results = loaded(tmp_path / "gate.json", json.dumps(held))
    assert any("not understood" in note for note in notes(results)) or any(isinstance(one, Problem) for one in results)


def test_an_attribute_that_lost_its_key_is_told(tmp_path: Path) -> None:
    path = FIXTURES / "rules/MEM411/good-put.json"
    text = path.read_text().replace(
        '"key": "llm.output_messages.0.message.content"', '"keys": "llm.output_messages.0.message.content"'
    )
    assert text != path.read_text()
    assert any("not understood" in note for note in notes(loaded(tmp_path / "put.json", text)))


_ANSWER = json.dumps(
    {"choices": [{"index": 0, "message": {"role": "assistant", "content": "Gate 4."}, "finish_reason": "stop"}]}
)


def test_a_cut_request_before_an_answer_is_told(tmp_path: Path) -> None:
    text = 'gate does flight NX 81 leave from?"}]}, "response": ' + _ANSWER + "}"
    told = [result.message for result in loaded(tmp_path / "cut.json", text) if isinstance(result, Problem)]
    assert any("cut or broken" in message for message in told)


@pytest.mark.parametrize("before", ["INFO answer: ", "The answer was this:\n\n", 'POST /v1/chat "ok" 200\n'])
def test_words_around_a_logged_answer_are_no_broken_message(tmp_path: Path, before: str) -> None:
    results = loaded(tmp_path / "debug.log", f"{before}{_ANSWER}\nINFO done\n")
    assert [result for result in results if isinstance(result, Problem)] == []
