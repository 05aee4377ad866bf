"""Rows of batch files: requests and results, each with the id by which they belong together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers.shapes.envelope import read_envelope
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.exchange import Exchange
from ctxdebug.model import Pointer
from ctxdebug.records import replace

_NO_REQUEST = "one answer of a batch; its request is in the batch's input file"
_NO_ANSWER = "one request of a batch; its answer is delivered elsewhere"


def batch_id(row: Any) -> str | None:
    """Return the id of a batch's row; None for anything else."""
    if not isinstance(row, dict):
        return None
    if isinstance(row.get("custom_id"), str) and {"params", "result", "body", "response"} & row.keys():
        return str(row["custom_id"])
    if isinstance(row.get("key"), str) and {"request", "response", "error"} & row.keys():
        return str(row["key"])
    if isinstance(row.get("recordId"), str) and {"modelInput", "modelOutput"} & row.keys():
        return str(row["recordId"])
    return None


def read_row(row: Mapping[str, Any], at: Pointer, reader: JsonReader) -> Exchange:
    """Return the exchange of one row: its request, its result, or both."""
    labels = {"custom_id": batch_id(row)}
    found = Exchange(at, labels=labels, notes=(_NO_ANSWER,))
    if isinstance(row.get("params"), dict):
        found = replace(found, request=row["params"], request_at=(*at, "params"), format="anthropic.messages")
    if isinstance(row.get("result"), dict):
        found = _anthropic(found, row["result"], (*at, "result"))
    for asked, answered, form in (
        ("modelInput", "modelOutput", None),
        ("request", "response", "google.generate_content"),
    ):
        if (isinstance(row.get(asked), dict) and "custom_id" not in row) or (
            answered in row and "custom_id" not in row
        ):
            body, where = read_body(row.get(answered), (*at, answered), reader)
            found = replace(found, request=row.get(asked), request_at=(*at, asked), response=body, response_at=where,
                            format=found.format or form)  # fmt: skip
    if "body" in row or ("custom_id" in row and isinstance(row.get("response"), dict)):
        read = read_envelope(row, at, reader)
        found = replace(read, labels={**read.labels, **labels}, notes=found.notes)
    return _noted(found)


def _anthropic(found: Exchange, result: Mapping[str, Any], at: Pointer) -> Exchange:
    """Return a result of Anthropic's: the message, the error, or why there is neither."""
    if isinstance(result.get("message"), dict):
        return replace(found, response=result["message"], response_at=(*at, "message"), format="anthropic.messages")
    if isinstance(result.get("error"), dict):
        return replace(found, response=result["error"], response_at=(*at, "error"), status=400)
    outcome = {"error": {"type": str(result.get("type")), "message": f"the request was {result.get('type')}"}}
    return replace(found, response=outcome, response_at=at, status=408)


def _noted(found: Exchange) -> Exchange:
    notes = tuple(note for note in found.notes if note not in {_NO_REQUEST, _NO_ANSWER})
    if found.request is None:
        notes = (*notes, _NO_REQUEST)
    elif found.response is None:
        notes = (*notes, _NO_ANSWER)
    return replace(found, notes=notes)


def paired(rows: Iterator[Exchange]) -> Iterator[Exchange]:
    """Yield the exchanges of a batch, each request with its result, wherever in the file both are."""
    held: dict[str, Exchange] = {}
    order: list[str] = []
    for row in rows:
        identifier = str(row.labels.get("custom_id"))
        other = held.get(identifier)
        if other is None:
            held[identifier] = row
            order.append(identifier)
        elif other.response is None and row.request is None:
            held[identifier] = _joined(other, row)
        elif other.request is None and row.response is None:
            held[identifier] = _joined(row, other)
        else:
            yield row
    for identifier in order:
        yield held[identifier]


def _joined(asked: Exchange, answered: Exchange) -> Exchange:
    return _noted(
        replace(
            asked,
            response=answered.response,
            response_at=answered.response_at,
            status=answered.status,
            format=asked.format or answered.format,
        )
    )
