from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from ctxdebug.errors import EndpointError, UsageError
from ctxdebug.evals.provider_counts import provider_count
from tests.conversations import fixture


class Counting(BaseHTTPRequestHandler):
    seen: ClassVar[list[tuple[str, dict[str, Any], dict[str, str]]]] = []
    reply: ClassVar[tuple[int, bytes]] = (200, b"{}")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        Counting.seen.append((self.path, body, dict(self.headers)))
        status, content = Counting.reply
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Counting.seen = []
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    httpd.server_close()


def test_anthropic_is_asked_with_what_it_counts(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k-1")
    Counting.reply = (200, b'{"input_tokens": 1896}')
    assert provider_count(fixture("anthropic.messages/coding-agent.json"), server) == 1896
    path, body, headers = Counting.seen[0]
    assert path == "/v1/messages/count_tokens"
    assert "max_tokens" not in body
    assert headers["x-api-key"] == "k-1"


def test_vllm_is_asked_to_tokenize(server: str) -> None:
    Counting.reply = (200, b'{"count": 2342, "max_model_len": 8192}')
    assert provider_count(fixture("openai.chat/leave-bot.json"), server) == 2342
    assert Counting.seen[0][0] == "/tokenize"


@pytest.mark.parametrize(
    "reply", [(401, b"{}"), (200, b"<html>"), (200, b'{"count": "many"}'), (302, b""), (200, b"[]")]
)
def test_no_number_is_no_verdict(server: str, reply: tuple[int, bytes]) -> None:
    Counting.reply = reply
    with pytest.raises(EndpointError):
        provider_count(fixture("openai.chat/leave-bot.json"), server)


def test_a_format_that_nobody_counts_is_said() -> None:
    with pytest.raises(UsageError, match="no server counts"):
        provider_count(fixture("ollama.chat/router-support.json"), "http://127.0.0.1:9")


def test_nobody_there_is_an_endpoint_error() -> None:
    with pytest.raises(EndpointError):
        provider_count(fixture("openai.chat/leave-bot.json"), "http://127.0.0.1:9")
