"""Whatever the bytes are, loading gives snapshots and problems, and nothing else."""

from __future__ import annotations

import copy
import gzip
import io
import json
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctxdebug.decoding.source import Source
from ctxdebug.engine.sessions import Sessions
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.locate import Locator
from ctxdebug.model import Problem, Snapshot
from tests.conversations import loaded

CHAT = {
    "request": {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "image_url", "image_url": {"url": "https://x"}}]},
            {"role": "assistant", "content": None, "tool_calls": [{"id": "c1", "function": {"name": "f", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "c1", "content": "done"},
        ],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    },
    "response": {"choices": [{"message": {"role": "assistant", "content": "ok"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1}},
}  # fmt: skip
ANTHROPIC = {
    "request": {"model": "m", "max_tokens": 5, "system": [{"type": "text", "text": "s"}], "messages": [
        {"role": "user", "content": [{"type": "document", "source": {"type": "text", "data": "d"}}]},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "r"}]}]}]},
    "response": {"_sse": 'event: message_start\ndata: {"type": "message_start", "message": {"usage": {"input_tokens": 1}}}\n\n'},
}  # fmt: skip
RESPONSES = {
    "request": {"model": "m", "input": [{"role": "user", "content": "x"}, {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
                                        {"type": "function_call_output", "call_id": "c", "output": "y"}, {"type": "reasoning", "summary": []}]},
    "response": {"object": "response", "status": "completed", "output": [{"type": "message", "role": "assistant", "content": []}]},
}  # fmt: skip
GEMINI = {
    "request": {"contents": [{"role": "user", "parts": [{"text": "x"}, {"functionResponse": {"name": "f", "response": {}}}]}],
                "systemInstruction": {"parts": [{"text": "s"}]}},
    "response": {"candidates": [{"content": {"parts": [{"functionCall": {"name": "f", "args": {}}}]}}], "usageMetadata": {"promptTokenCount": 1}},
}  # fmt: skip
CONVERSE = {
    "request": {"messages": [{"role": "user", "content": [{"text": "x"}, {"toolResult": {"toolUseId": "t", "content": [{"json": {}}]}}]}],
                "toolConfig": {"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": {}}}}]}},
    "response": {"_eventstream": [{"type": "contentBlockDelta", "payload": {"delta": {"text": "a"}}}]},
}  # fmt: skip
SPANS = {"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "t", "spanId": "s", "name": "n", "attributes": [
    {"key": "gen_ai.input.messages", "value": {"stringValue": '[{"role": "user", "parts": [{"type": "text", "content": "x"}]}]'}},
    {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "5"}}]}]}]}]}  # fmt: skip
CLAUDE = [{"type": "user", "uuid": "1", "parentUuid": None, "sessionId": "s", "message": {"role": "user", "content": "x"}},
          {"type": "assistant", "uuid": "2", "parentUuid": "1", "sessionId": "s",
           "message": {"id": "m", "role": "assistant", "content": [{"type": "text", "text": "y"}], "usage": {"input_tokens": 1}}}]  # fmt: skip
HAR = {"log": {"entries": [{"request": {"method": "POST", "url": "https://x/v1/chat/completions", "postData": {"text": json.dumps(CHAT["request"])}},
                            "response": {"status": 200, "content": {"text": "AA==", "encoding": "base64"}}}]}}  # fmt: skip
LANGFUSE = {"trace": {}, "observations": [{"id": "o", "traceId": "t", "type": "GENERATION", "input": '[{"role": "user", "content": "x"}]',
                                           "output": "y", "metadata": '{"attributes": {"gen_ai.x": 1}}', "usageDetails": {"input": 3}}]}  # fmt: skip
INSPECT = {"eval": {}, "status": "success", "samples": [{"id": 1, "attachments": {}, "message_pool": [{"role": "user", "content": "x"}], "events": [
    {"event": "model", "input_refs": [[0, 1]], "input": [], "tools": [], "tool_choice": "auto", "config": {}, "output": {"choices": []}}]}]}  # fmt: skip
SEEDS: list[Any] = [CHAT, ANTHROPIC, RESPONSES, GEMINI, CONVERSE, SPANS, CLAUDE, HAR, LANGFUSE, INSPECT]
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just([]), st.just({}), st.just([None]), st.just("\ud83d"),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.sampled_from(["type", "text", "role", "content", "name"]), st.integers(), max_size=2),
)  # fmt: skip


def outcome(path: Path, data: bytes, max_bytes: int = 1 << 26) -> list[Snapshot | Problem]:
    """What loading a file gives, after everything that a run does with it was done."""
    path.write_bytes(data)
    source = Source(str(path), max_bytes)
    found = list(load(source, LoadOptions(max_bytes=max_bytes)))
    sessions, locator = Sessions(), Locator(source)
    for item in found:
        if isinstance(item, Snapshot):
            sessions.joined(item)
            for segment in list(item.segments())[:4]:
                locator.span(segment, 0, min(4, len(segment.text)))
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bad") / "capture"


LENIENT = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LENIENT
@given(
    data=st.binary(max_size=200),
    opening=st.sampled_from(
        [b"", b"{", b"[", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04", b"\x1f\x8b", b"interactions:\n- request:\n", b"data: ", b"---\n", b"{'a': ", b"user: "]
    ),
)  # fmt: skip
def test_any_bytes_give_snapshots_or_problems(place: Path, data: bytes, opening: bytes) -> None:
    assert outcome(place, opening + data)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to every value inside a document."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(inner for key, item in members for inner in paths(item, (*path, key)))]


@LENIENT
@given(data=st.data(), seed=st.sampled_from(SEEDS))
def test_a_capture_with_any_value_replaced_gives_snapshots_or_problems(
    place: Path, data: st.DataObject, seed: Any
) -> None:
    document = copy.deepcopy(seed)
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(paths(document)))
        if not path:
            continue
        holder = document
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = copy.deepcopy(data.draw(JUNK))
    lines = isinstance(document, list)
    text = "\n".join(map(json.dumps, document)) if lines else json.dumps(document)
    assert outcome(place, text.encode("utf-8", "surrogatepass"))


@LENIENT
@given(seed=st.sampled_from(SEEDS), share=st.floats(0, 1), packed=st.booleans())
def test_a_capture_cut_anywhere_gives_snapshots_or_problems(place: Path, seed: Any, share: float, packed: bool) -> None:
    data = "\n".join(map(json.dumps, seed)).encode() if isinstance(seed, list) else json.dumps(seed, indent=1).encode()
    data = gzip.compress(data) if packed else data
    assert outcome(place, data[: int(len(data) * share)])


def reason(place: Path, data: bytes, **more: Any) -> str:
    """The one reason why a file is not read."""
    found = outcome(place, data, **more)
    assert all(isinstance(item, Problem) for item in found), found
    assert isinstance(found[0], Problem)
    return found[0].message


REFUSED: list[tuple[bytes, str]] = [
    (b"", "is empty"),
    (b" \n\t\n", "is empty"),
    (b"null", "no known"),
    (b"[]", "empty list"),
    (b"<!DOCTYPE html><html></html>", "HTML page"),
    (b'{"messages": [', "not JSON"),
    (b'{"a": "\xff"}', "byte 7"),
    (b"[" * 100_000, "nested too deeply"),
    (b'{"a": ' * 100_000, "nested too deeply"),
    (b'{"a": ' + b"1" * 5000 + b"}", "too long"),
    ('{"a": 1}'.encode("utf-16-le"), "UTF-16 without a byte order mark"),
    (b"interactions: " + b"[" * 100_000, "nesting deeper"),
    (b"interactions:\n- request: &a [*a]\n", "not complete"),
    (b"words without any shape", "no known kind"),
]


@pytest.mark.parametrize(("data", "words"), REFUSED)
def test_what_cannot_be_read_is_refused_with_a_precise_reason(place: Path, data: bytes, words: str) -> None:
    assert words in reason(place, data)


@pytest.mark.parametrize("url", ["http://[bad", "https://mistral.ai:x/]", "////", "\x00", "https://" + "a" * 5000])
def test_a_url_that_is_none_is_no_fault(place: Path, url: str) -> None:
    assert isinstance(outcome(place, json.dumps({**CHAT, "url": url}).encode())[0], Snapshot)
    assert outcome(place, json.dumps({"request": {"nobody": 1}, "url": url}).encode())


def test_a_laughing_document_is_refused_before_it_grows(place: Path) -> None:
    levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10))
    started = time.perf_counter()
    assert "aliases" in reason(place, f"interactions:\na0: &a0 [x]\n{levels}\n".encode())
    assert time.perf_counter() - started < 5


def test_a_lone_surrogate_is_read(place: Path) -> None:
    (found,) = outcome(place, b'{"messages": [{"role": "user", "content": "\\ud83d"}]}')
    assert isinstance(found, Snapshot)
    assert found.messages[0].text == "\ud83d"


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_accepted(place: Path, mark: str) -> None:
    (found,) = outcome(place, '{"messages": [{"role": "user", "content": "é"}]}'.encode(mark))
    assert isinstance(found, Snapshot)
    assert found.messages[0].text == "é"


def test_nan_and_doubled_keys_are_read_and_told(place: Path) -> None:
    found = outcome(
        place, b'{"messages": [{"role": "user", "content": "x"}], "temperature": NaN, "model": "a", "model": "b"}'
    )
    assert isinstance(found[0], Snapshot)
    assert found[0].model == "b"
    problems = [item for item in found if isinstance(item, Problem)]
    assert [problem.fatal for problem in problems] == [False, False]


def test_a_cut_last_line_is_told_and_the_rest_is_read(place: Path) -> None:
    line = json.dumps(CHAT)
    found = outcome(place, f"{line}\n{line}\n{line[:50]}".encode())
    assert sum(isinstance(item, Snapshot) for item in found) == 2
    assert [item.fatal for item in found if isinstance(item, Problem)] == [False]


def test_a_bad_line_in_the_middle_is_a_problem_with_its_number(place: Path) -> None:
    line = json.dumps(CHAT)
    found = outcome(place, f"{line}\nnot json\n{line}\n".encode())
    (problem,) = [item for item in found if isinstance(item, Problem)]
    assert problem.fatal
    assert problem.pointer == "/1"
    assert sum(isinstance(item, Snapshot) for item in found) == 2


def test_rows_that_no_format_knows_are_told_in_one_line(place: Path) -> None:
    (found,) = outcome(place, b'{"nobody": 1, "knows": 2}\n' * 50)
    assert isinstance(found, Problem)
    assert found.message.startswith(
        "50 rows are of no known wire format: an object with the keys nobody, knows (50 times)"
    )


def test_one_problem_in_every_line_is_told_a_few_times_and_counted(place: Path) -> None:
    found = outcome(place, b'{"conversation": [{"role": "human", "content": []}]}\n' * 50)
    assert len(found) == 4
    assert isinstance(found[-1], Problem)
    assert "(47 more times)" in found[-1].message


@pytest.mark.parametrize("wrap", [lambda data: data, gzip.compress])
def test_a_file_over_the_limit_is_refused(place: Path, wrap: Callable[[bytes], bytes]) -> None:
    assert "--max-bytes" in reason(place, wrap(json.dumps({"messages": ["x" * 5000]}).encode()), max_bytes=1000)


def zipped(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return held.getvalue()


def test_a_zip_bomb_is_refused(place: Path) -> None:
    bomb = zipped({"header.json": b"{}", "samples/1_epoch_1.json": b"0" * 50_000_000})
    started = time.perf_counter()
    assert "times its size" in reason(place, bomb)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("name", ["../samples/1.json", "/etc/passwd", "a/../../b.json", "c:\\x.json"])
def test_a_member_that_leads_outside_is_refused(place: Path, name: str) -> None:
    assert "outside" in reason(place, zipped({"header.json": b"{}", name: b"{}"}))


def test_an_encrypted_member_is_refused(place: Path) -> None:
    data = bytearray(zipped({"header.json": b"{}", "samples/1_epoch_1.json": b"{}"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.rindex(mark)
        data[at + offset] |= 1
    assert "encrypted" in reason(place, bytes(data))


def test_a_zip_of_something_else_is_of_no_known_kind(place: Path) -> None:
    assert "no Inspect log" in reason(place, zipped({"word/document.xml": b"<x/>"}))


@pytest.mark.parametrize("make", ["fifo", "folder", "missing", "device", "loop"])
def test_what_is_no_regular_file_is_refused(tmp_path: Path, make: str) -> None:
    path = tmp_path / "x"
    if make == "fifo":
        os.mkfifo(path)
    elif make == "folder":
        path.mkdir()
    elif make == "loop":
        path.symlink_to(path)
    elif make == "device":
        path = Path("/dev/zero")
    found = loaded(path)
    assert [type(item) for item in found] == [Problem]


def test_a_link_to_a_capture_is_read(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text(json.dumps(CHAT))
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    assert isinstance(loaded(tmp_path / "link.json")[0], Snapshot)
