"""One way to make a snapshot for a test: from a request and a response, a captured document, a file, or a transcript."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from ctxdebug.analysis import Analysis, AnalysisOptions
from ctxdebug.decoding.source import Source
from ctxdebug.engine.report import Examined
from ctxdebug.engine.run import Engine, RunOptions
from ctxdebug.exchange import Exchange
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem, Snapshot
from ctxdebug.segmentation import Policy, assemble
from ctxdebug.wire import WIRE_FORMATS

CAPTURES = Path(__file__).parent.parent / "fixtures" / "captures"


def exchanged(body: Any, response: Any = None, form: str = "openai.chat", **more: Any) -> Snapshot:
    """Read a request and its response in a wire format; `more` are fields of `Exchange` (url, provider, status)."""
    exchange = Exchange(pointer=(), request=body, response=response, **more)
    read = WIRE_FORMATS.all()[form].read(exchange)
    return assemble(read, exchange, path="x", container="x", format=form, policy=Policy())


def transcribed(text: str) -> list[Snapshot]:
    """Read a conversation in transcript notation: one snapshot for each turn."""
    return [snapshot for snapshot in _read("case.txt", text) if not isinstance(snapshot, Problem)]


def captured(document: Any) -> Snapshot:
    """Read a captured JSON document that holds one exchange, as a file of it is read."""
    (found,) = _read("capture.json", json.dumps(document))
    assert isinstance(found, Snapshot), found.message
    return found


def refused(document: Any) -> str:
    """Read a captured JSON document that does not load: the first reason why."""
    found = _read("capture.json", json.dumps(document))
    assert all(isinstance(item, Problem) for item in found), found
    assert isinstance(found[0], Problem)
    return found[0].message


def _read(name: str, text: str) -> list[Snapshot | Problem]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        return loaded(path)


def loaded(path: Path) -> list[Snapshot | Problem]:
    """Load a file: its snapshots, and the problems in between."""
    return list(load(Source(str(path)), LoadOptions()))


def examined(path: Path, options: RunOptions | None = None) -> list[Examined]:
    """Examine every snapshot of a file by one engine; a part that does not load, or a rule that breaks, fails the test."""
    source, engine = Source(str(path)), Engine(options or RunOptions())
    found = [engine.examine(snapshot, source) for snapshot in of_file(path)]
    for one in found:
        assert not one.problems, one.problems[0].message
    return found


def of_file(path: Path) -> list[Snapshot]:
    """Read a file's snapshots; a part of it that does not load fails the test."""
    found = []
    for item in loaded(path):
        assert isinstance(item, Snapshot), item.message
        found.append(item)
    return found


def fixture(name: str) -> Snapshot:
    """Read the last snapshot of a file under fixtures/captures."""
    return of_file(CAPTURES / name)[-1]


def analysed(snapshot: Snapshot, **options: Any) -> Analysis:
    """Analyse one snapshot; `options` are fields of `AnalysisOptions`."""
    return Analysis(snapshot, AnalysisOptions(**options))


def chat_response(prompt: int | None, text: str = "Fine.", finish: str | None = "stop", **usage: int) -> dict[str, Any]:
    """Make an answer of an OpenAI-compatible server that counted `prompt` tokens."""
    counted = {} if prompt is None else {"usage": {"prompt_tokens": prompt, "completion_tokens": 2, **usage}}
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}
    return {"id": "x", "object": "chat.completion", "choices": [choice], **counted}
