"""Words that a damaged file has in a place where no reader looks: told, each with its place or its count; sound files tell nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem, Snapshot

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
WORDS = "Which gate does flight NV 214 leave from?"


def told(path: Path) -> list[str]:
    """Everything that is told of a file: the notes of its exchanges, and its problems."""
    results = list(load(Source(str(path)), LoadOptions()))
    notes = [note for one in results if isinstance(one, Snapshot) for note in one.notes]
    return notes + [one.message for one in results if isinstance(one, Problem)]


def new(tmp_path: Path, fixture: str, change: Callable[[bytes], bytes]) -> list[str]:
    """What is told of a fixture after a change, and was not told before it."""
    whole = FIXTURES / fixture
    path = tmp_path / whole.name
    changed = change(whole.read_bytes())
    assert changed != whole.read_bytes()
    path.write_bytes(changed)
    known = set(told(whole))
    return [one for one in told(path) if one not in known]


def replaced(old: str, fresh: str) -> Callable[[bytes], bytes]:
    """A change of the first place at which a text has some characters."""
    return lambda data: data.replace(old.encode(), fresh.encode(), 1)


def in_json(change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    """A change of a JSON document."""

    def changed(data: bytes) -> bytes:
        value = json.loads(data)
        change(value)
        return json.dumps(value).encode()

    return changed


def _attribute_in_a_list(trace: Any) -> None:
    attributes = trace["resourceSpans"][0]["scopeSpans"][0]["spans"][1]["attributes"]
    attributes[:] = [[attribute] for attribute in attributes]


def _attribute_gone(trace: Any) -> None:
    trace["resourceSpans"][0]["scopeSpans"][0]["spans"][1]["attributes"][6] = [None]


def _part_of_an_unknown_kind(thread: Any) -> None:
    content = thread["messages"][-1]["Agent"]["content"]
    content[0] = {"Texx": content[0]["Text"]}


def _words_as_a_span_id(spans: Any) -> None:
    spans[0]["traceId"] = "Flight NX 81 leaves from gate 4, not 5."


def _words_as_finish_reason(answer: Any) -> None:
    answer["response"]["choices"][0]["finish_reason"] = "Flight NV 214 leaves from gate 12."


def _lines_as_a_result(exchange: Any) -> None:
    result = exchange["request"]["messages"][2]["content"][0]
    result["contejt"] = "slidingwindow/CHANGES.md\nslidingwindow/LICENSE\nslidingwindow/clock.py"
    del result["content"]


def _input_elsewhere(state: Any) -> None:
    state["context"]["context"], state["original_input"] = state["original_input"], {}


def _answer_among_the_settings(exchange: Any) -> None:
    answer = exchange["response"]
    answer["text"]["format"], answer["output"][0]["content"][0] = answer["output"][0]["content"][0], {"type": "text"}


def _words_in_the_place_of_the_agent(state: Any) -> None:
    item = state["generated_items"][-1]["raw_item"]
    state["generated_items"][1]["agent"], item["content"] = item["content"], {"name": "board"}


def _messages_as_the_projects_snapshot(thread: Any) -> None:
    thread["initial_project_snapshot"], thread["messages"][0]["User"] = thread["messages"][0]["User"]["content"], None


def _message_in_a_schema(request: Any) -> None:
    properties = request["response_format"]["json_schema"]["schema"]["properties"]
    properties["urgent"]["type"], request["messages"][0] = request["messages"][0], "boolean"


def _message_in_a_tool(exchange: Any) -> None:
    request = exchange["request"]
    request["tools"][0]["input_schema"]["type"], request["messages"][0] = request["messages"][0], "object"


def _item_as_the_context(state: Any) -> None:
    state["context"], state["generated_items"][2] = state["generated_items"][2], state["context"]


def _message_as_a_call(session: Any) -> None:
    call = session["history"][1]["toolCallStates"][0]["toolCall"]
    call["function"], session["history"][2] = session["history"][2], ""


def _answer_as_the_instructions(exchange: Any) -> None:
    answer = exchange["response"]
    answer["instructions"], answer["output"][0]["content"] = answer["output"][0]["content"], answer["instructions"]


def _item_as_a_model_response(state: Any) -> None:
    items, answers = state["generated_items"], state["model_responses"]
    items[2], answers[0] = answers[0], items[2]


def _words_as_a_count(exchange: Any) -> None:
    exchange["response"]["prompt_eval_count"], exchange["request"]["prompt"] = exchange["request"]["prompt"], 21


def _another_version_selected(conversation: Any) -> None:
    conversation["messages"][0]["currentlySelected"] = 25


def _instructions_cut(exchange: Any) -> None:
    exchange["request"]["instructions"] = exchange["request"]["instructions"][:40]


@pytest.mark.parametrize(
    ("fixture", "change", "part"),
    [
        ("formats/goose/session.jsonl", replaced('"content": [', '"xxxxxxx": ['), "/xxxxxxx/0/text (41"),
        ("formats/goose/session.jsonl", replaced('"role": "user"', '"role": "NV 214 leaves from gate 4."'), "/1/content/0/text (41"),
        ("formats/antigravity/transcript.jsonl", replaced('"content": "NV 214', '"": "NV 214'), "/3/ (21"),
        ("formats/zed/thread.json", in_json(_part_of_an_unknown_kind), "/Texx (26"),
        ("rules/MEM411/bad-left-out.json", in_json(_attribute_in_a_list), "/attributes/"),
        ("rules/MEM411/bad-left-out.json", in_json(_attribute_gone), "1 attributes of the span have no key"),
        ("formats/vercel.ai/span.json", in_json(_words_as_a_span_id), "/0/traceId (39"),
        ("formats/on-your-data/answer.json", in_json(_words_as_finish_reason), "/finish_reason (34"),
        ("captures/openai.responses/home-battery.json", in_json(_instructions_cut), "/response/instructions ("),
        ("formats/har/polly.har.yaml", replaced("request:", "reqest:"), "/reqest/postData"),
        ("formats/httprr/board.httprr", lambda data: data.replace(b'"object": "chat', b'"object": "ch\xe1t').replace(b'"model": "gpt-4o-mini", "ch', b'#model": "gpt-4o-mini", "ch'), "not understood"),
        ("formats/aider-requests/aider.llm.history", replaced("USER Which", "Which"), "1 lines begin with no speaker"),
        ("formats/aider-requests/aider.llm.history", replaced("01T10:00:00\n-------\nSYSTEM", "SYSTEM"), "1 lines begin with no speaker"),
        ("formats/codex/gates.jsonl", replaced('"type": "response_item"', '"0": "response_item"'), "/payload/content/0/text ("),
        ("formats/codex/gates.jsonl", replaced('"type": "response_item"', '"type": "respoNse_item"'), "/payload/content/0/text ("),
        ("formats/codex/gates.jsonl", replaced('"type": "response_item"', '"type": {"a": 1}'), "/payload/content/0/text ("),
        ("formats/openai.agents-state/state.json", in_json(_input_elsewhere), "the input that the run began with is not in the state"),
        ("captures/anthropic.messages/trimmed-history.json", in_json(_lines_as_a_result), "/contejt (69"),
        ("captures/openai.responses/home-battery.json", in_json(_answer_among_the_settings), "/response/text/format/text ("),
        ("formats/openai.agents-state/state.json", in_json(_words_in_the_place_of_the_agent), "/generated_items/1/agent/0/text (26"),
        ("formats/zed/thread.json", in_json(_messages_as_the_projects_snapshot), "/initial_project_snapshot/0/Text (41"),
        ("rules/LRC404/good.json", in_json(_message_in_a_schema), "/properties/urgent/type/content (89"),
        ("captures/anthropic.messages/trimmed-history.json", in_json(_message_in_a_tool), "/input_schema/type/content (46"),
        ("formats/openai.agents-state/state.json", in_json(_item_as_the_context), "/context/raw_item/content/0/text (26"),
        ("formats/continue/session.json", in_json(_message_as_a_call), "/toolCall/function/message/content (26"),
        ("captures/openai.responses/home-battery.json", in_json(_answer_as_the_instructions), "/response/instructions/0/text ("),
        ("formats/llm/logs.db", lambda data: data.replace(b"responses (id text", b"responses (hd text"), "no such column"),
        ("formats/openai.agents-state/state.json", in_json(_item_as_a_model_response), "/model_responses/0/raw_item/content/0/text (26"),
        ("formats/ollama.generate/gate.json", in_json(_words_as_a_count), "/response/prompt_eval_count (40"),
        ("formats/lm-studio/gates.conversation.json", in_json(_another_version_selected), "message 1 selects a version that is not there"),
        ("formats/pasted/curl.sh", replaced('"messages"', '"messagess"'), "as a message that is cut or broken"),
        ("formats/claude-code/run-2.1.jsonl", lambda data: data[data.find(b"message"):], "the beginning is cut"),
        ("formats/python/printed.txt", replaced("?'}, {'role': 'assist", "?"), "is in one object twice"),
        ("formats/pasted-chat/specstory.md", lambda data: f"{WORDS}\n".encode() + data, "before the first turn"),
        ("formats/kimi/wire.jsonl", replaced(f'"context.append_message", "message": {{"role": "user", "content": [{{"type": "text", "text": "{WORDS}', '"context.append_message", "message": {"role": "user", "content": [{"type": "text", "text": "Which'), "/input/0/text"),
    ],
)  # fmt: skip
def test_words_in_an_odd_place_are_told(
    tmp_path: Path, fixture: str, change: Callable[[bytes], bytes], part: str
) -> None:
    fresh = new(tmp_path, fixture, change)
    assert any(part in one for one in fresh), fresh


def test_lines_that_a_log_takes_back_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    lines = (FIXTURES / "formats/gemini-cli/session-061.jsonl").read_text(encoding="utf-8").splitlines()
    change = {"$set": {"messages": [{"id": "m9", "type": "user", "content": [{"text": "And now another flight?"}]}]}}
    path.write_text("\n".join([*lines, json.dumps(change)]), encoding="utf-8")
    assert any("lines were taken back" in one for one in told(path))


def test_a_database_whose_text_is_no_text_is_the_files_problem(tmp_path: Path) -> None:
    fresh = new(tmp_path, "formats/zed/threads.db", lambda data: data.replace(b"Gate of", b"\xed\xa0\xff of"))
    assert not any("please report" in one for one in fresh)


@pytest.mark.parametrize("folder", ["captures", "formats", "servers", "clean"])
def test_nothing_is_told_of_sound_files(folder: str) -> None:
    paths = (path for path in sorted((FIXTURES / folder).rglob("*")) if path.is_file())
    assert [
        (str(path), one) for path in paths for one in told(path) if "not understood" in one or "is cut" in one
    ] == []


@pytest.mark.parametrize(
    "beside",
    [
        {"meta": {"task": "Find out from which gate the flight leaves today."}},
        {"id": "c1", "copy": WORDS, "again": {"deeper": [WORDS]}},
        {"tags": ["gates", "flights of the morning"], "score": 0.5},
    ],
)
def test_what_is_beside_a_call_and_no_content_is_not_told(tmp_path: Path, beside: Any) -> None:
    request = {"model": "gpt-4o", "messages": [{"role": "user", "content": WORDS}]}
    path = tmp_path / "call.json"
    path.write_text(json.dumps({"request": request, **beside}), encoding="utf-8")
    assert [one for one in told(path) if "not understood" in one] == []


def test_an_answer_that_repeats_the_instructions_tells_nothing(tmp_path: Path) -> None:
    said = "You answer questions about the departure board, and nothing else."
    request = {"model": "gpt-4o", "instructions": said, "input": WORDS}
    response = {"object": "response", "instructions": said, "output": [], "text": {"format": {"type": "text"}}}
    path = tmp_path / "call.json"
    path.write_text(json.dumps({"request": request, "response": response}), encoding="utf-8")
    assert [one for one in told(path) if "not understood" in one] == []
