"""Helicone's exports: a request and its response a row, beside what the proxy noted of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.batch import spread
from ctxdebug.containers.shapes.rows import first_row, rows
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Pointer, Problem

_LABELS = ("request_id", "request_created_at", "delay_ms", "cost", "costUSD", "cache_reference_id")


def _sniff(source: Source) -> Likeness:
    row = first_row(source, '"request_body"', '"response_body"')
    known = row is not None and {"request_id", "request_created_at", "helicone_user"} & row.keys()
    return Likeness.CERTAIN if known else Likeness.NO


@container(
    "helicone",
    "rows of Helicone: request_id, request_body and response_body (JSON lines, a list, or under `data`)",
    _sniff,
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a row."""
    for found in rows(source):
        if isinstance(found, Problem):
            yield found
        else:
            yield from spread(_exchange(source, *found))


def _exchange(source: Source, at: Pointer, row: Mapping[str, Any]) -> Exchange:
    request, request_at = read_body(row.get("request_body"), (*at, "request_body"), source.reader)
    response, response_at = read_body(row.get("response_body"), (*at, "response_body"), source.reader)
    status = row.get("response_status")
    model = next(
        (row[key] for key in ("request_model", "model", "response_model") if isinstance(row.get(key), str)), None
    )
    path = next((row[key] for key in ("target_url", "request_path") if isinstance(row.get(key), str)), None)
    return Exchange(
        at,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        url=path,
        status=status if isinstance(status, int) and status > 0 else None,
        model=model,
        labels={key: row[key] for key in _LABELS if isinstance(row.get(key), (str, int, float))},
    )
