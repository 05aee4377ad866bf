"""Bedrock's invocation logs: records in S3 files (JSON lines), or inside the events that CloudWatch exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container, documents
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Event, Exchange, Stream
from ctxdebug.model import Decoding, Pointer, Problem, pointer_text

_MARK = "ModelInvocationLog"


def _sniff(source: Source) -> Likeness:
    if source.shape not in {"json", "json lines"} or _MARK not in source.opening:
        return Likeness.NO
    document = source.document if source.shape == "json" else source.first_line
    return Likeness.CERTAIN if any(True for _ in _records(document, (), source)) else Likeness.NO


@container(
    "bedrock-log", "records of `schemaType` ModelInvocationLog with `inputBodyJson` and `outputBodyJson`", _sniff
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a record."""
    for found in documents(source):
        if isinstance(found, Problem):
            yield found
            continue
        at, document = found
        for record, where in _records(document, at, source):
            yield _exchange(record, where, source)


def _records(document: Any, at: Pointer, source: Source) -> Iterator[tuple[Mapping[str, Any], Pointer]]:
    """Yield the records in a document: itself, a list of them, or the messages of log events, as JSON in strings."""
    if isinstance(document, list):
        for index, item in enumerate(document):
            yield from _records(item, (*at, index), source)
    elif isinstance(document, str):
        yield from _records(source.reader.value(document), (*at, Decoding.JSON), source)
    elif isinstance(document, dict):
        if document.get("schemaType") == _MARK:
            yield document, at
            return
        for key in ("logEvents", "events", "Records", "message", "@message"):
            if isinstance(document.get(key), (list, dict, str)):
                yield from _records(document[key], (*at, key), source)


def _exchange(record: Mapping[str, Any], at: Pointer, source: Source) -> Found:
    sent, received = record.get("input"), record.get("output")
    sent, received = (side if isinstance(side, dict) else {} for side in (sent, received))
    if "inputBodyJson" not in sent:
        where = sent.get("inputBodyS3Path")
        told = (
            f"the request is in {where}, not in the log" if isinstance(where, str) else "the record contains no request"
        )
        return Problem(source.path, told, pointer_text(at))
    request, request_at = read_body(sent["inputBodyJson"], (*at, "input", "inputBodyJson"), source.reader)
    response, response_at = read_body(received.get("outputBodyJson"), (*at, "output", "outputBodyJson"), source.reader)
    operation, model = str(record.get("operation") or ""), str(record.get("modelId") or "")
    if isinstance(response, list):
        response = Stream(tuple(Event(None, item, (*response_at, index)) for index, item in enumerate(response)))
    converse = operation.startswith("Converse")
    return Exchange(
        at,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        format="bedrock.converse" if converse else "bedrock.invoke",
        url=f"/model/{model}/{'converse' if converse else 'invoke'}",
        provider="bedrock",
        model=model.rpartition("/")[2] or None,
        labels={key: record[key] for key in ("timestamp", "requestId", "region") if isinstance(record.get(key), str)},
    )
