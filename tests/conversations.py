"""One way to make a snapshot for a test: from a request and a response, or from text in transcript notation."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from ctxdebug.analysis import Analysis, AnalysisOptions
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem, Snapshot
from ctxdebug.segmentation import Policy, assemble
from ctxdebug.wire import WIRE_FORMATS


def exchanged(body: Any, response: Any = None, form: str = "openai.chat", **more: Any) -> Snapshot:
    """Read a request and its response in a wire format; `more` are fields of `Exchange` (url, provider, status)."""
    exchange = Exchange(pointer=(), request=body, response=response, **more)
    read = WIRE_FORMATS.all()[form].read(exchange)
    return assemble(read, exchange, path="x", container="x", format=form, policy=Policy())


def transcribed(text: str) -> list[Snapshot]:
    """Read a conversation in transcript notation: one snapshot for each turn."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.txt"
        path.write_text(text, encoding="utf-8")
        found = list(load(Source(str(path)), LoadOptions()))
    return [snapshot for snapshot in found if not isinstance(snapshot, Problem)]


def analysed(snapshot: Snapshot, **options: Any) -> Analysis:
    """Analyse one snapshot; `options` are fields of `AnalysisOptions`."""
    return Analysis(snapshot, AnalysisOptions(**options))


def chat_response(prompt: int | None, text: str = "Fine.", finish: str | None = "stop", **usage: int) -> dict[str, Any]:
    """Make an answer of an OpenAI-compatible server that counted `prompt` tokens."""
    counted = {} if prompt is None else {"usage": {"prompt_tokens": prompt, "completion_tokens": 2, **usage}}
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}
    return {"id": "x", "object": "chat.completion", "choices": [choice], **counted}
