from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from ctxdebug.model import Problem, Snapshot

Opened = Callable[..., tuple[list[Snapshot], list[Problem]]]
REQUEST = {"model": "m", "messages": [{"role": "user", "content": "Which gate?"}]}
RESPONSE = {"id": "r1", "choices": [{"message": {"role": "assistant", "content": "Gate 4."}, "finish_reason": "stop"}]}
URL = "https://api.example.org/v1/chat/completions"
SENT, GOT = json.dumps(REQUEST), json.dumps(RESPONSE)
PACKED = base64.b64encode(gzip.compress(GOT.encode())).decode()

VCRPY = f"""\
interactions:
- request:
    body: '{SENT}'
    headers: {{}}
    method: POST
    uri: {URL}
  response:
    body:
      string: '{GOT}'
    status: {{code: 200, message: OK}}
version: 1
"""
VCRPY_GZIP = f"""\
interactions:
- request:
    body: !!binary |
      {base64.b64encode(SENT.encode()).decode()}
    uri: {URL}
  response:
    body:
      string: !!binary |
        {PACKED[:40]}
        {PACKED[40:]}
    status: {{code: 200}}
"""
PARSED = f"""\
interactions:
- request:
    method: POST
    parsed_body:
      messages:
      - content: Which gate?
        role: user
      model: m
    uri: {URL}
  response:
    parsed_body:
      choices:
      - finish_reason: stop
        message: {{content: Gate 4., role: assistant}}
    status: {{code: 200}}
"""
GO = f"""\
---
version: 2
interactions:
- id: 0
  request:
    body: '{SENT}'
    url: {URL}
    method: POST
  response:
    body: '{GOT}'
    status: 200 OK
    code: 200
"""
RUBY = f"""\
---
http_interactions:
- request:
    method: post
    uri: {URL}
    body: {{encoding: UTF-8, string: '{SENT}'}}
  response:
    status: {{code: 200, message: OK}}
    body:
      encoding: ASCII-8BIT
      string: !binary "{base64.b64encode(GOT.encode()).decode()}"
  recorded_at: Mon, 01 Jan 2026 10:00:00 GMT
recorded_with: VCR 6.2.0
"""
PARALLEL = f"""\
requests:
- body: '{SENT}'
  method: POST
  uri: {URL}
responses:
- body: {{string: '{GOT}'}}
  status: {{code: 200}}
"""
CUSTOM_TAGS = VCRPY.replace(
    "    headers: {}", "    headers: !!python/object/new:requests.structures.CaseInsensitiveDict {a: b}"
)
JSON_CASSETTE = json.dumps(
    {"version": 1, "interactions": [{"request": {"body": SENT, "uri": URL, "method": "POST"},
                                     "response": {"body": {"string": GOT}, "status": {"code": 200}}}]}
)  # fmt: skip


@pytest.mark.parametrize("cassette", [VCRPY, VCRPY_GZIP, PARSED, GO, RUBY, PARALLEL, CUSTOM_TAGS, JSON_CASSETTE])
def test_every_kind_of_cassette_gives_the_same_exchange(opened: Opened, cassette: str) -> None:
    snapshots, problems = opened(cassette)
    assert problems == []
    (found,) = snapshots
    assert (found.container, found.format, found.status, found.url) == ("vcr", "openai.chat", 200, URL)
    assert [message.text for message in found.messages] == ["Which gate?"]
    assert found.answer[0].text == "Gate 4."


def test_a_cassette_may_be_gzip_as_a_whole(opened: Opened) -> None:
    snapshots, _ = opened(gzip.compress(VCRPY.encode()), "cassette.yaml.gz")
    assert len(snapshots) == 1


def test_aliases_are_followed(opened: Opened) -> None:
    text = f"interactions:\n- request: &r {{body: '{SENT}', uri: {URL}}}\n  response: {{body: {{string: '{GOT}'}}}}\n- request: *r\n  response: null\n"
    snapshots, _ = opened(text)
    assert [snapshot.messages[0].text for snapshot in snapshots] == ["Which gate?"] * 2


def test_a_cut_cassette_is_read_up_to_there_and_says_so(opened: Opened) -> None:
    whole = VCRPY.removesuffix("version: 1\n")
    snapshots, problems = opened(whole + whole.removeprefix("interactions:\n")[:120])
    assert len(snapshots) == 1
    assert [problem.fatal for problem in problems] == [False]
    assert "breaks off" in problems[0].message


def test_traffic_that_is_no_model_call_is_left_out_by_name(opened: Opened) -> None:
    other = VCRPY.replace(URL, "https://api.example.org/v1/embeddings").replace(SENT, '{"input": "x", "model": "e"}')
    other = other.replace(GOT, '{"object": "list", "data": [{"embedding": [0.5]}]}')
    snapshots, problems = opened(VCRPY.removesuffix("version: 1\n") + other.removeprefix("interactions:\n"))
    assert len(snapshots) == 1
    assert any("embeddings" in problem.message and not problem.fatal for problem in problems)


def test_a_cassette_without_any_model_call_is_not_clean(opened: Opened) -> None:
    text = "interactions:\n- request: {body: null, uri: https://example.org/file.txt, method: GET}\n  response: {body: {string: words}}\n"
    snapshots, problems = opened(text)
    assert snapshots == []
    assert [problem.fatal for problem in problems] == [True]


def test_a_body_that_cannot_be_unpacked_stops_only_its_own_exchange(opened: Opened) -> None:
    bad = VCRPY_GZIP.replace(PACKED[40:], "AAAA" + PACKED[44:-12])
    snapshots, _ = opened(bad.rstrip() + "\n" + VCRPY.removeprefix("interactions:\n"))
    assert len(snapshots) == 2


def streamed(body: Any) -> str:
    lines = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in body)
    indented = "".join(f"        {line}\n" if line else "\n" for line in lines.split("\n"))
    return f"interactions:\n- request:\n    body: '{SENT}'\n    uri: {URL}\n  response:\n    body:\n      string: |+\n{indented}    status: {{code: 200}}\n"


def test_a_stream_in_a_block_is_put_together(opened: Opened) -> None:
    chunks = [{"choices": [{"delta": {"content": text}}]} for text in ("Gate", " 4.")]
    snapshots, _ = opened(streamed([*chunks, {"choices": [{"delta": {}, "finish_reason": "stop"}]}]))
    assert snapshots[0].answer[0].text == "Gate 4."
