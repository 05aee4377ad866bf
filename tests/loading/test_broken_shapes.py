"""Shapes that the fuzzer broke: values of a type that nobody expects, and text that lost its key or its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import ctxdebug
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.model import Problem, Snapshot
from tests.conversations import loaded

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def written(path: Path, text: str) -> list[Snapshot | Problem]:
    """Write a file, and load it."""
    path.write_text(text, encoding="utf-8")
    return loaded(path)


def notes(results: list[Snapshot | Problem]) -> list[str]:
    return [note for result in results if isinstance(result, Snapshot) for note in result.notes]


@pytest.mark.parametrize("odd", [["text"], {"a": 1}, 3, None])
def test_a_type_that_is_no_text_stops_nothing(tmp_path: Path, odd: Any) -> None:
    rows = [json.loads(line) for line in (FIXTURES / "formats/codex/gates.jsonl").read_text().splitlines()]
    rows.append({"type": "response_item", "payload": {"type": odd, "role": "user"}})
    rows.append({"type": odd, "payload": {"type": odd}})
    results = written(tmp_path / "gates.jsonl", "\n".join(json.dumps(row) for row in rows))
    assert any(isinstance(result, Snapshot) for result in results)


@pytest.mark.parametrize("odd", [10**30, -(10**30), -1, True])
def test_a_number_of_any_size_chooses_no_version_that_is_not_there(tmp_path: Path, odd: Any) -> None:
    path = FIXTURES / "formats/lm-studio/gates.conversation.json"
    conversation = json.loads(path.read_text(encoding="utf-8"))
    conversation["messages"][0]["currentlySelected"] = odd
    results = written(tmp_path / path.name, json.dumps(conversation))
    assert not [one.message for one in results if isinstance(one, Problem) and one.ours]


def test_an_index_of_any_size_neither_fills_the_memory_nor_a_note(tmp_path: Path) -> None:
    attributes = {"openinference.span.kind": "LLM", "llm.input_messages.0.message.content": "Which gate?"}
    for index in (3, 999_999):
        attributes |= {
            f"llm.input_messages.{index}.message.role": "user",
            f"llm.input_messages.{index}.message.content": "And now?",
        }
    span = {"name": "chat", "spanId": "1", "attributes": attributes}
    (note,) = notes(written(tmp_path / "spans.json", json.dumps([span])))
    assert note.startswith("the span leaves out message 1, 2, 4, 5, ")
    assert len(note) < 200


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
    results = written(tmp_path / "gate.json", json.dumps(held))
    assert any("not understood" in note for note in notes(results)) or any(isinstance(one, Problem) for one in results)


def test_an_attribute_that_lost_its_key_is_told(tmp_path: Path) -> None:
    path = FIXTURES / "rules/MEM411/good-put.json"
    text = path.read_text().replace(
        '"key": "llm.output_messages.0.message.content"', '"keys": "llm.output_messages.0.message.content"'
    )
    assert text != path.read_text()
    assert any("not understood" in note for note in notes(written(tmp_path / "put.json", text)))


_ANSWER = json.dumps(
    {"choices": [{"index": 0, "message": {"role": "assistant", "content": "Gate 4."}, "finish_reason": "stop"}]}
)


def test_a_cut_request_before_an_answer_is_told(tmp_path: Path) -> None:
    text = 'gate does flight NX 81 leave from?"}]}, "response": ' + _ANSWER + "}"
    told = [result.message for result in written(tmp_path / "cut.json", text) if isinstance(result, Problem)]
    assert any("cut or broken" in message for message in told)


@pytest.mark.parametrize("before", ["INFO answer: ", "The answer was this:\n\n", 'POST /v1/chat "ok" 200\n'])
def test_words_around_a_logged_answer_are_no_broken_message(tmp_path: Path, before: str) -> None:
    results = written(tmp_path / "debug.log", f"{before}{_ANSWER}\nINFO done\n")
    assert [result for result in results if isinstance(result, Problem)] == []


MESSAGE = {"role": "user", "content": "Which gate does flight NX 81 leave from?"}
ANSWER = {
    "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "From gate 4, I think."}, "finish_reason": "stop"}
    ]
}


def exchange(tmp_path: Path, *, answer: str = "response", **request: Any) -> list[Snapshot | Problem]:
    body = {"model": "gpt-4o", "messages": [MESSAGE], **request}
    return written(tmp_path / "one.json", json.dumps({"request": body, answer: ANSWER}))


@pytest.mark.parametrize("odd", [[1], "0.7", {"a": 1}, True, 10**400])
@pytest.mark.parametrize("setting", ["temperature", "top_p", "seed"])
def test_a_setting_of_an_odd_type_is_told_and_breaks_no_rule(tmp_path: Path, setting: str, odd: Any) -> None:
    results = exchange(tmp_path, **{setting: odd})
    assert any(note.startswith(f"the setting {setting} is not read") for note in notes(results))
    assert [
        problem.message for problem in run([str(tmp_path / "one.json")], RunOptions()).problems if problem.ours
    ] == []


@pytest.mark.parametrize("window", [0, -1, [4096], "4096"])
def test_a_window_of_zero_or_of_an_odd_type_breaks_no_rule(tmp_path: Path, window: Any) -> None:
    exchange(tmp_path, options={"num_ctx": window}, keep_alive="5m")
    assert [
        problem.message for problem in run([str(tmp_path / "one.json")], RunOptions()).problems if problem.ours
    ] == []


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"type": ["string", ["null"]]}}, "required": [["a"], {"b": 1}]},
        {"type": "object", "properties": {"a": {}}, "required": 3, "anyOf": 4, "enum": [[1], {"a": 1}]},
        {"type": "object", "required": json.loads("[" * 300 + "]" * 300)},
        {"type": "object", "properties": {"a": {"$ref": ["#/a"]}}, "additionalProperties": []},
    ],
)
def test_a_schema_with_parts_of_odd_types_breaks_no_rule(tmp_path: Path, schema: Any) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "n", "strict": True, "schema": schema}}
    tool = {"type": "function", "function": {"name": "f", "strict": True, "parameters": schema}}
    exchange(tmp_path, response_format=form, tools=[tool])
    assert [
        problem.message for problem in run([str(tmp_path / "one.json")], RunOptions()).problems if problem.ours
    ] == []


@pytest.mark.parametrize("key", ["id", "name", "type", "status", "some_path"])
def test_a_sentence_in_the_place_of_a_label_is_told(tmp_path: Path, key: str) -> None:
    sentence = "Never tell anybody which gate the flight leaves from."
    assert any(f"/{key} (" in note for note in notes(exchange(tmp_path, user_data={key: sentence})))


@pytest.mark.parametrize("label", ["chatcmpl-81", "2026-05-01 10:00:00", "gate finder, north"])
def test_a_label_in_its_place_is_silent(tmp_path: Path, label: str) -> None:
    assert notes(exchange(tmp_path, metadata={"id": label}, user=label)) == []


def test_a_text_that_is_nested_too_deeply_to_be_read_is_told(tmp_path: Path) -> None:
    deep: Any = "Never tell anybody which gate the flight leaves from."
    for _ in range(180):
        deep = [deep]
    assert any(
        "not understood" in note
        for note in notes(exchange(tmp_path, messages=[MESSAGE, {"role": "user", "deep": deep}]))
    )


def test_a_list_in_the_place_of_a_part_is_opaque_with_its_words(tmp_path: Path) -> None:
    content = [[{"type": "text", "text": "Never tell anybody which gate it is."}]]
    snapshots = [
        one for one in exchange(tmp_path, messages=[{"role": "user", "content": content}]) if isinstance(one, Snapshot)
    ]
    assert any("Never tell anybody" in segment.text for segment in snapshots[0].segments())


def test_an_answer_under_a_key_that_nobody_knows_is_told(tmp_path: Path) -> None:
    told = notes(exchange(tmp_path, answer="res:ponse"))
    assert any("/res:ponse/" in note for note in told)


def test_a_reader_that_breaks_is_a_problem_of_its_file_and_the_next_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ctxdebug.loading import load as loading

    exchange(tmp_path)
    (tmp_path / "two.json").write_text((tmp_path / "one.json").read_text())
    monkeypatch.setattr(loading, "relocate", lambda *_: {}[["unhashable"]])  # type: ignore[index]  # it is meant to break
    report = run([str(tmp_path)], RunOptions())
    assert [(Path(problem.path).name, problem.ours, problem.fatal) for problem in report.problems] == [
        ("one.json", True, True),
        ("two.json", True, True),
    ]


def test_an_exchange_that_cannot_be_examined_is_a_problem_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ctxdebug.engine import run as engine

    exchange(tmp_path)
    monkeypatch.setattr(engine, "causes_first", lambda found: found[10_000])
    report = run([str(tmp_path / "one.json")], RunOptions())
    assert [
        (problem.ours, problem.fatal, "could not be examined" in problem.message) for problem in report.problems
    ] == [(True, True, True)]


def test_no_captured_value_is_looked_up_in_a_set_before_it_is_known_to_be_text() -> None:
    """A list or an object cannot be looked up in a set or a dictionary: `text_of` comes first, or a tuple is asked."""
    asked = re.compile(r"""(?<!text_of\()(?<!str\()\b[\w.\[\]"]+\.get\("[\w.]+"\)\s(?:not\s)?in\s(?:\{|_?[A-Z])""")
    package = Path(ctxdebug.__file__).parent
    readers = [
        path for room in ("wire", "containers", "decoding", "loading") for path in (package / room).rglob("*.py")
    ]
    found = [(path.name, match[0]) for path in readers for match in asked.finditer(path.read_text("utf-8"))]
    assert found == []


def _chat() -> dict[str, Any]:
    return {
        "request": {"model": "gpt-4o", "messages": [{"role": "user", "content": "Which gate?"}]},
        "response": {
            "choices": [{"index": 0, "message": {"role": "assistant", "content": "Gate 4."}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13},
        },
    }


@pytest.mark.parametrize(
    "odd", [{"a": "The gate was moved to the north pier."}, "The gate was moved to the north pier."]
)
def test_a_sentence_among_the_counts_of_tokens_is_told(tmp_path: Path, odd: Any) -> None:
    held = _chat()
    held["response"]["usage"]["total_tokens"] = odd
    assert any("/response/usage/total_tokens" in note for note in notes(written(tmp_path / "a.json", json.dumps(held))))


@pytest.mark.parametrize("depth", [2, 200])
def test_a_message_among_the_parameters_is_told_however_deep_it_is(tmp_path: Path, depth: int) -> None:
    held = json.loads((FIXTURES / "formats/openai.assistants/run.json").read_text())
    for _ in range(depth):
        held["request"]["additional_messages"] = [held["request"]["additional_messages"]]
    assert any("/request/additional_messages" in note for note in notes(written(tmp_path / "a.json", json.dumps(held))))


def test_words_among_the_counts_of_tokens_are_silent(tmp_path: Path) -> None:
    held = _chat()
    held["response"]["usage"] |= {"service_tier": "default", "details": [{"modality": "text", "tokens": 9}]}
    assert notes(written(tmp_path / "a.json", json.dumps(held))) == []


def test_a_step_of_a_kind_that_nobody_knows_is_told_where_it_holds_words(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (FIXTURES / "formats/antigravity/transcript.jsonl").read_text().splitlines()]
    rows[0] |= {"type": "NEW_INPUT", "content": [rows[0]["content"]]}
    results = written(tmp_path / "transcript.jsonl", "\n".join(json.dumps(row) for row in rows))
    assert any("/content/0" in note for note in notes(results))


def test_instructions_that_only_the_answer_repeats_are_told(tmp_path: Path) -> None:
    answer = {"object": "response", "output": [], "instructions": "Put the number of the gate first, then the time."}
    held = {"request": [{}], "response": answer | {"usage": {"input_tokens": 3, "output_tokens": 1}}}
    assert any("/response/instructions" in note for note in notes(written(tmp_path / "a.json", json.dumps(held))))
    held["request"] = {"model": "gpt-4o", "input": "Which gate?", "instructions": answer["instructions"]}
    assert notes(written(tmp_path / "a.json", json.dumps(held))) == []


@pytest.mark.parametrize("odd", [{"content": "user"}, -1, ["user"]])
def test_a_message_whose_role_is_no_text_is_told(tmp_path: Path, odd: Any) -> None:
    held = json.loads((FIXTURES / "formats/goose/export.json").read_text())
    held["conversation"][1]["role"] = odd
    assert any("/conversation/1/content/0/text" in one for one in notes(written(tmp_path / "a.json", json.dumps(held))))


@pytest.mark.parametrize(
    "cut",
    [
        r'ody": "{\"role\": \"user\", \"content\": \"Which gate does flight NV 214 leave from?\"}' + "\n",
        "INFO app got ChatCompletion(id='c1', choices=[Choice(message=ChatCompletionMessage(content='Gate 4.\n",
    ],
)
def test_a_quoted_call_that_is_cut_is_told(tmp_path: Path, cut: str) -> None:
    results = written(tmp_path / "a.log", cut + json.dumps(_chat()["response"]) + "\n")
    assert any(isinstance(one, Problem) and "cut or broken" in one.message for one in results)
