from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from ctxdebug.cases.exchanges import answer_of
from ctxdebug.errors import EndpointError, UsageError
from ctxdebug.evals.dialects import Address, address, key_for
from ctxdebug.evals.endpoint import Endpoint, NoAnswerError, Patience
from ctxdebug.evals.replies import snapshot_of
from tests.evals.model_stub import Stub, Told, anthropic, chat, deltas, sse

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.deps

KEY = "sk-proj-" + "k3yK3yKEYkey" * 4
QUICK = Patience(timeout=2, retries=2, longest_wait=1, first_wait=0.01, largest_body=100_000)
BODY: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "how many?"}], "temperature": 0}


OPEN: list[Endpoint] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


def endpoint(stub: Stub, place: Address | None = None, patience: Patience = QUICK, **changes: Any) -> Endpoint:
    OPEN.append(Endpoint(place or address(stub.url), KEY, patience, **changes))
    return OPEN[-1]


def told(stub: Stub, stream: bool = False, format: str = "openai.chat", **changes: Any) -> str:
    reply = endpoint(stub, **changes).ask(BODY, stream=stream)
    return answer_of(snapshot_of(BODY, reply, format, "case"))[0]


def test_answer_comes_back(stub: Stub) -> None:
    assert told(stub) == "5 days"
    assert stub.paths == ["/v1/chat/completions"]
    assert stub.requests == [BODY]
    assert stub.headers[0]["authorization"] == f"Bearer {KEY}"


def test_streamed_answer_is_put_together(stub: Stub) -> None:
    stub.script = [Told(sse(*deltas("5 ", "days")), headers={"content-type": "text/event-stream"})]
    assert told(stub, stream=True) == "5 days"
    assert stub.requests[0]["stream"] is True


def test_anthropic_stream_is_put_together(stub: Stub) -> None:
    events: list[dict[str, Any]] = [
        {
            "type": "message_start",
            "message": {
                "id": "m1",
                "type": "message",
                "role": "assistant",
                "model": "x",
                "content": [],
                "usage": {"input_tokens": 3},
            },
        },
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "5 days"}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}},
        {"type": "message_stop"},
    ]
    text = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)
    cut = text[: text.index("event: message_delta")]
    stub.script = [Told(part.encode(), headers={"content-type": "text/event-stream"}) for part in (text, cut)]
    place = address(stub.url, "anthropic.messages")
    reply = endpoint(stub, place).ask(BODY, stream=True)
    assert answer_of(snapshot_of(BODY, reply, "anthropic.messages", "case"))[0] == "5 days"
    with pytest.raises(EndpointError, match="broke off"):
        snapshot_of(BODY, endpoint(stub, place).ask(BODY, stream=True), "anthropic.messages", "case")


def test_responses_are_asked_their_own_way(stub: Stub) -> None:
    answer = {
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": "5 days", "annotations": []}],
    }
    stub.reply = lambda _: Told(
        {"id": "r1", "object": "response", "status": "completed", "model": "m", "output": [answer]}
    )
    body = {"model": "m", "input": "how many?"}
    reply = endpoint(stub, address(stub.url, "openai.responses")).ask(body)
    assert stub.paths == ["/v1/responses"]
    assert answer_of(snapshot_of(body, reply, "openai.responses", "case"))[0] == "5 days"


def test_a_frozen_stream_flag_is_not_sent_when_not_wanted(stub: Stub) -> None:
    endpoint(stub).ask(BODY | {"stream": True, "stream_options": {"include_usage": True}})
    assert stub.requests == [BODY]


def test_anthropic_is_asked_its_own_way(stub: Stub) -> None:
    stub.reply = lambda _: Told(anthropic("5 days"))
    place = address(stub.url.removesuffix("/v1"), "anthropic.messages")
    reply = endpoint(stub, place).ask(BODY, model="claude-x")
    assert answer_of(snapshot_of(BODY, reply, "anthropic.messages", "case"))[0] == "5 days"
    assert stub.paths == ["/v1/messages"]
    assert stub.headers[0]["x-api-key"] == KEY
    assert stub.headers[0]["anthropic-version"] == "2023-06-01"
    assert stub.requests[0]["model"] == "claude-x"


@pytest.mark.parametrize(
    "first",
    [
        Told({"error": {"message": "slow down"}}, 429, {"retry-after": "0.05"}),
        Told({"error": {"message": "slow down"}}, 429, {"retry-after-ms": "20"}),
        Told({"error": {"message": "oops"}}, 500),
        Told(b"<html>bad gateway</html>", 502, {"content-type": "text/html"}),
        Told({"type": "error", "error": {"type": "overloaded_error", "message": "x"}}, 529),
        Told(chat("5 days"), cut=40),
    ],
)
def test_passing_trouble_is_tried_again(stub: Stub, first: Told) -> None:
    stub.script = [first]
    assert told(stub) == "5 days"
    assert len(stub.requests) == 2


def test_retry_after_is_obeyed_by_every_thread(stub: Stub) -> None:
    stub.script = [Told({}, 429, {"retry-after": "0.4"})]
    shared = endpoint(stub)
    threads = [threading.Thread(target=shared.ask, args=(BODY,)) for _ in range(3)]
    threads[0].start()
    while not stub.requests or stub.busy:
        time.sleep(0.005)
    time.sleep(0.1)
    for thread in threads[1:]:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(stub.times[1:]) - stub.times[0] >= 0.39


FAULTS = {
    "401": ([Told({"error": {"message": f"Incorrect API key provided: {KEY}"}}, 401)], "401", 1),
    "403": ([Told({"error": "forbidden"}, 403)], "403: forbidden", 1),
    "404": ([Told({"error": {"message": "no such model"}}, 404)], "no such model", 1),
    "400": ([Told({"error": {"message": "bad request"}}, 400)], "400: bad request", 1),
    "429 for ever": ([Told({}, 429, {"retry-after": "0"})] * 9, "429", 3),
    "429 with a long wait": ([Told({}, 429, {"retry-after": "3600"})], "asks to wait 3600 s", 1),
    "429 with a date in ten years": (
        [Told({}, 429, {"retry-after": "Fri, 01 Jan 2038 00:00:00 GMT"})],
        "asks to wait",
        1,
    ),
    "429 without money": ([Told({"error": {"code": "insufficient_quota", "message": "no money"}}, 429)], "no money", 1),
    "500 for ever": ([Told({"error": {"message": "oops"}}, 500)] * 9, "500: oops, 3 times", 3),
    "html": ([Told(b"<!doctype html><p>login", headers={"content-type": "text/html"})], "HTML page", 1),
    "not json": ([Told(b"hello")], "not JSON", 1),
    "nothing": ([Told(b"")], "with nothing", 1),
    "a list": ([Told([1])], "no response", 1),
    "deep": ([Told(b"[" * 90_000)], "not JSON", 1),
    "huge": ([Told(chat("x" * 200_000))], "more than 100,000 bytes", 1),
    "empty choices": ([Told(chat(None) | {"choices": []})], "no answer", 1),
    "error under 200": ([Told({"error": {"message": "model is loading", "code": 503}})], "is an error", 1),
    "cut": ([Told(chat("5 days"), cut=30)] * 9, "broke off", 3),
    "redirect": ([Told(b"", 307, {"location": "http://127.0.0.2:1/steal"})], "redirects", 1),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_no_verdict_and_shows_no_key(stub: Stub, name: str) -> None:
    script, words, calls = FAULTS[name]
    stub.script = list(script)
    with pytest.raises(EndpointError) as caught:
        told(stub)
    assert words in str(caught.value)
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(stub.requests) == calls


STREAM_FAULTS = {
    "cut in an event": Told(sse(*deltas("5 ", "days"))[:150], headers={"content-type": "text/event-stream"}),
    "no finish": Told(sse(*deltas("5 ", finish=None), done=False), headers={"content-type": "text/event-stream"}),
    "error event": Told(sse({"error": {"message": "overloaded"}}), headers={"content-type": "text/event-stream"}),
    "nothing": Told(b"data: [DONE]\n\n", headers={"content-type": "text/event-stream"}),
}


@pytest.mark.parametrize("name", STREAM_FAULTS)
def test_broken_stream_is_no_verdict(stub: Stub, name: str) -> None:
    stub.script = [STREAM_FAULTS[name]]
    with pytest.raises(EndpointError):
        told(stub, stream=True)


def test_timeout(stub: Stub) -> None:
    stub.reply = lambda _: Told(chat("late"), delay=1)
    with pytest.raises(EndpointError, match=r"no answer within 0\.2 s, 2 times"):
        told(stub, patience=Patience(timeout=0.2, retries=1, first_wait=0.01))


def test_trickle_does_not_outlive_the_timeout(stub: Stub) -> None:
    stub.reply = lambda _: Told(chat("drop by drop"), trickle=0.02)
    start = time.monotonic()
    with pytest.raises(EndpointError, match="no answer within"):
        told(stub, patience=Patience(timeout=0.3, retries=0))
    assert time.monotonic() - start < 2


def test_nobody_listens(stub: Stub) -> None:
    with pytest.raises(EndpointError, match="cannot be reached"):
        endpoint(stub, address("http://127.0.0.1:9/v1")).ask(BODY)


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (chat(None), ""),
        (chat(""), ""),
        (chat(None, refusal="I cannot help with that."), "I cannot help with that."),
        (chat(None, finish="content_filter"), ""),
        (chat("cut her", finish="length"), "cut her"),
    ],
)
def test_empty_filtered_and_refused_answers_are_answers(stub: Stub, body: Any, answer: str) -> None:
    stub.reply = lambda _: Told(body)
    assert told(stub) == answer


def test_tool_calls_are_read(stub: Stub) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "search", "arguments": '{"q": "x"}'}}
    stub.reply = lambda _: Told(chat(None, "tool_calls", tool_calls=[call]))
    _, calls = answer_of(snapshot_of(BODY, endpoint(stub).ask(BODY), "openai.chat", "case"))
    assert [(found.name, found.parsed) for found in calls] == [("search", {"q": "x"})]


def test_rate_is_kept(stub: Stub) -> None:
    asked = endpoint(stub, per_minute=1200)
    for _ in range(4):
        asked.ask(BODY)
    assert stub.times[-1] - stub.times[1] >= 0.09


def test_stop_interrupts_a_wait(stub: Stub) -> None:
    stub.reply = lambda _: Told({}, 429, {"retry-after": "50"})
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    start = time.monotonic()
    with pytest.raises(NoAnswerError, match="interrupted"):
        endpoint(stub, patience=Patience(longest_wait=100), stop=stop).ask(BODY)
    assert time.monotonic() - start < 5


def test_the_key_is_in_no_representation(stub: Stub) -> None:
    assert KEY not in repr(endpoint(stub))


@pytest.mark.parametrize(
    ("url", "format", "full", "dialect"),
    [
        ("https://api.openai.com/v1", None, "https://api.openai.com/v1/chat/completions", "openai.chat"),
        ("https://api.openai.com/v1/", "openai.responses", "https://api.openai.com/v1/responses", "openai.responses"),
        ("https://api.openai.com/v1/chat/completions", "openai.responses", "https://api.openai.com/v1/chat/completions", "openai.chat"),
        ("https://api.anthropic.com", None, "https://api.anthropic.com/v1/messages", "anthropic.messages"),
        ("https://api.anthropic.com/v1", None, "https://api.anthropic.com/v1/messages", "anthropic.messages"),
        ("http://localhost:8000/v1", "anthropic.messages", "http://localhost:8000/v1/messages", "anthropic.messages"),
        ("http://localhost:8000/v1?x=1", "bedrock.converse", "http://localhost:8000/v1/chat/completions?x=1", "openai.chat"),
        ("http://localhost:11434", "openai.chat", "http://localhost:11434/api/chat", "ollama.chat"),
        ("http://localhost:11434/v1", "openai.chat", "http://localhost:11434/v1/chat/completions", "openai.chat"),
        ("http://gpu/api", "ollama.chat", "http://gpu/api/chat", "ollama.chat"),
        (
            "https://generativelanguage.googleapis.com/v1beta", None,
            "https://generativelanguage.googleapis.com/v1beta/models/{model}:generateContent", "google.generate_content",
        ),
        ("https://x/models/gemini-2.5:generateContent", None, "https://x/models/gemini-2.5:generateContent", "google.generate_content"),
    ],
)  # fmt: skip
def test_address(url: str, format: str | None, full: str, dialect: str) -> None:
    place = address(url, format)
    assert (place.url, place.dialect.format) == (full, dialect)


@pytest.mark.parametrize("url", ["api.openai.com", "ftp://x/v1", "https://user:secret@host/v1", "https://"])
def test_address_that_cannot_be_asked(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        address(url)
    assert "secret" not in str(caught.value)


def test_key_comes_from_the_environment_only() -> None:
    place = address("https://api.openai.com/v1")
    assert key_for(place, {"OPENAI_API_KEY": f" {KEY}\n"}) == KEY
    with pytest.raises(UsageError, match="OPENAI_API_KEY is not set"):
        key_for(place, {})
    assert key_for(address("http://localhost:1/v1"), {}) is None
    assert key_for(address("http://10.0.0.7/v1"), {"OPENAI_API_KEY": KEY}) == KEY
    with pytest.raises(UsageError, match="unencrypted"):
        key_for(address("http://models.example.com/v1"), {"OPENAI_API_KEY": KEY})
    with pytest.raises(UsageError, match="header") as caught:
        key_for(place, {"OPENAI_API_KEY": KEY + "\nx: y"})
    assert KEY not in str(caught.value)
