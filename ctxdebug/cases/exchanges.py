"""A case as the exchange that it came from, so that the detectors can look at it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.cases.conversion import converted
from ctxdebug.cases.observation import Checked, Observation
from ctxdebug.decoding.source import Source
from ctxdebug.engine.report import Examined
from ctxdebug.engine.run import Engine, RunOptions
from ctxdebug.engine.selection import Selection
from ctxdebug.exchange import Event, Exchange, Stream
from ctxdebug.model import Decoding, Kind, Provenance, Snapshot
from ctxdebug.records import record, replace
from ctxdebug.segmentation import assemble
from ctxdebug.wire import WIRE_FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ctxdebug.cases.observation import Outcome
    from ctxdebug.cases.store import StoredCase
    from ctxdebug.model import Pointer, ToolCall

_CHUNKS, _CUT, _TEXT, _ITEMS = "_chunks", "_cut", "_text", "_items"
_TIMES = ("created", "created_at", "createTime")


def response_form(response: Any) -> dict[str, Any] | None:
    """Return a response as a JSON object: a body without its time of day, or the events of a stream."""
    if isinstance(response, Stream):
        events = [
            {"type": event.name, "payload": event.data} if event.name else {"__data__": event.data}
            for event in response.events
        ]
        return {_CHUNKS: events} | ({} if response.complete else {_CUT: True})
    if isinstance(response, dict):
        return {key: value for key, value in response.items() if key not in _TIMES}
    if isinstance(response, list):
        return {_ITEMS: response}
    return {_TEXT: response} if isinstance(response, str) else None


def response_of(form: Mapping[str, Any] | None, at: Pointer = ("response",)) -> Any:
    """Return the response that `response_form` wrote."""
    if form is None:
        return None
    if isinstance(form.get(_CHUNKS), list):
        events = tuple(_event(item, (*at, _CHUNKS, index)) for index, item in enumerate(form[_CHUNKS]))
        return Stream(events, not form.get(_CUT))
    if set(form) in ({_TEXT}, {_ITEMS}):
        return next(iter(form.values()))
    return dict(form)


def _event(item: Mapping[str, Any], at: Pointer) -> Event:
    if "__data__" in item:
        return Event(None, item["__data__"], (*at, "__data__"))
    return Event(item["type"], item["payload"], (*at, "payload"))


@record(frozen=True, slots=True)
class Sender:
    """What a request does not always say itself: its wire format, its model, its provider."""

    format: str
    model: str = ""
    provider: str = ""


def captured_request(snapshot: Snapshot) -> tuple[dict[str, Any], Sender, bool]:
    """Return the body of a captured request, who it was sent by, and whether it is exact: a log of messages is written as a chat."""
    if isinstance(snapshot.request, dict) and snapshot.has_request:
        return snapshot.request, Sender(snapshot.format, snapshot.model or "", snapshot.provider or ""), True
    return converted(snapshot, "openai.chat"), Sender("openai.chat", snapshot.model or ""), False


def snapshot_from(body: Any, response: Any, sender: Sender, options: RunOptions, path: str = "case") -> Snapshot:
    """Return the snapshot of a request body and a response, read as its wire format."""
    exchange = Exchange(
        (Decoding.YAML,), body, (Decoding.YAML, "request", "body"), response, (Decoding.YAML, "recorded", "response"),
        provider=sender.provider or None, model=sender.model or None,
    )  # fmt: skip
    form = WIRE_FORMATS.all()[sender.format]
    return assemble(
        form.read(exchange), exchange, path=path, container="case", format=form.name, policy=options.load.policy
    )


def case_snapshot(stored: StoredCase, options: RunOptions) -> Snapshot:
    """Return the snapshot that a case froze."""
    request = stored.case.request
    sender = Sender(request.format, request.model, request.provider)
    return snapshot_from(stored.body(), response_of(stored.response()), sender, options, str(stored.path))


def examine(snapshot: Snapshot, options: RunOptions, codes: tuple[str, ...] = ()) -> Examined:
    """Run the detectors (or only those that `codes` begin) on one snapshot by itself."""
    if codes:
        options = replace(options, selection=Selection(codes, options.selection.ignore))
    return Engine(options).examine(snapshot, Source(snapshot.path))


def checked(examined: Examined) -> Checked:
    """Return what the detectors said, as expectations read it."""
    findings: dict[str, str] = {}
    for finding in examined.findings:
        findings.setdefault(finding.code, finding.message)
    return Checked(findings, {code: reason for code, reason in examined.not_checked if code not in findings})


def observation(
    snapshot: Snapshot,
    options: RunOptions,
    answer: tuple[str, tuple[ToolCall, ...]],
    judge: Callable[[str, str], Outcome] | None = None,
    codes: tuple[str, ...] = (),
) -> Observation:
    """Return what expectations look at; the detectors run only when one of them asks."""
    return Observation(
        answer[0], answer[1], sources(snapshot), lambda: checked(examine(snapshot, options, codes)), judge
    )


def sources(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the ids and titles of the documents that the model was given, in order, each once."""
    found: dict[str, None] = {}
    for segment in snapshot.segments():
        if (
            segment.kind is Kind.DOCUMENT
            and segment.document is not None
            and segment.provenance is not Provenance.AUTHORED
        ):
            for name in (segment.document.id, segment.document.title):
                if name:
                    found[name] = None
    return tuple(found)


def answer_of(snapshot: Snapshot) -> tuple[str, tuple[ToolCall, ...]]:
    """Return the words of an answer, without reasoning, and its tool calls."""
    words = [segment.text for segment in snapshot.answer_segments() if segment.kind is Kind.TEXT]
    calls = tuple(segment.call for segment in snapshot.answer_segments() if segment.call is not None)
    return "\n".join(words), calls
