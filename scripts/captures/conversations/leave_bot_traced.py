"""The leave assistant again, as the tools that watch an application store it: one case, many containers."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import vcr  # type: ignore[import-untyped, unused-ignore]  # not installed everywhere
from openinference.instrumentation.openai import OpenAIInstrumentor

from scripts.captures.conversations import leave_bot
from scripts.captures.traces import Trace, scripted

if TYPE_CHECKING:
    from vcr.request import Request  # type: ignore[import-untyped, unused-ignore]  # not installed everywhere

    from scripts.captures.stub import Stub

HOST = leave_bot.HOST
KEPT_HEADERS = {"content-type", "accept"}


def record(stub: Stub) -> dict[str, str]:
    """Play it once under OpenInference and once under vcrpy."""
    return {"captures/otlp/leave-bot.openinference.json": _spans(stub), "captures/vcr/leave-bot.yaml": _cassette(stub)}


def _spans(stub: Stub) -> str:
    trace = Trace("leave-bot")
    instrumentor = OpenAIInstrumentor()
    instrumentor.instrument(tracer_provider=trace.provider)
    try:
        leave_bot.play(stub)
    finally:
        instrumentor.uninstrument()
    return trace.otlp(HOST)


def _cassette(stub: Stub) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cassette.yaml"
        with vcr.use_cassette(
            str(path), record_mode="all", before_record_request=_public, before_record_response=_plain
        ):
            leave_bot.play(stub)
        return scripted(path.read_text(encoding="utf-8"), HOST)


def _public(request: Request) -> Request:
    """Drop every header that could hold a key or name a machine."""
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in KEPT_HEADERS}
    return request


def _plain(response: dict[str, Any]) -> dict[str, Any]:
    response["headers"] = {name: value for name, value in response["headers"].items() if name.lower() in KEPT_HEADERS}
    return response
