"""JSON lines: an exchange a line, read one at a time, so that the file's size does not matter."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from ctxdebug.containers import Found, Likeness, container, documents
from ctxdebug.containers.shapes.batch import spread
from ctxdebug.containers.shapes.batch_beside import with_requests
from ctxdebug.containers.shapes.batch_rows import batch_id, paired, read_row
from ctxdebug.containers.shapes.envelope import is_chunk, read_envelope
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Event, Exchange, Stream
from ctxdebug.model import Decoding, Pointer, Problem, pointer_text
from ctxdebug.records import replace


def _sniff(source: Source) -> Likeness:
    return Likeness.GENERIC if source.shape == "json lines" else Likeness.NO


@container("jsonl", "JSON lines, an exchange or a request a line; or a message a line", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a line; a file with a message a line is one exchange."""
    first = source.first_line
    if isinstance(first, dict) and "role" in first and "messages" not in first:
        yield _one_conversation(source)
        return
    if is_chunk(first):
        yield _one_stream(source)
        return
    if batch_id(first) is not None:
        problems: list[Problem] = []
        rows = list(paired(_batch_rows(source, problems)))
        alone = bool(rows) and all(row.request is None for row in rows)
        yield from with_requests(rows, source) if alone else rows
        yield from problems
        return
    previous: tuple[int, LoadError] | None = None
    prefixes = _Prefixes(source)
    for number, line in source.lines():
        if not line.strip():
            continue
        if previous is not None:
            yield _problem(source, *previous)
            previous = None
        at = (*source.root, Decoding.LINES, number, Decoding.JSON)
        try:
            exchange = read_envelope(source.reader.read(line, f"line {number + 1}"), at, source.reader)
            yield from spread(prefixes.applied(exchange))
        except LoadError as error:
            previous = (number, error)
    if previous is not None:
        number, fault = previous
        yield Problem(source.path, f"the last line is cut and was left out: {fault.message}", f"/{number}", fatal=False)


def _batch_rows(source: Source, problems: list[Problem]) -> Iterator[Exchange]:
    """Yield the rows of a batch file; what is none, or no JSON, becomes a problem."""
    for found in documents(source):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        at, row = found
        if batch_id(row) is not None:
            yield read_row(row, at, source.reader)
        else:
            problems.append(Problem(source.path, "is no row of a batch", pointer_text(at)))


def _one_stream(source: Source) -> Exchange:
    """Return an event a line, as tools store a streamed response."""
    events: list[Event] = []
    complete = True
    for number, line in source.lines():
        value = source.reader.value(line) if line.strip() else None
        if value is not None:
            events.append(Event(None, value, (*source.root, Decoding.LINES, number, Decoding.JSON)))
        complete = value is not None or not line.strip()
    at = (*source.root, Decoding.LINES)
    note = "a streamed response without its request"
    return Exchange(at, response=Stream(tuple(events), complete), response_at=at, notes=(note,))


class _Prefixes:
    """Finds the session that requests of the form `{_prefix_lines: [first, end]}` are stretches of."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def applied(self, exchange: Exchange) -> Exchange:
        """Return the exchange with the lines that its request stands for."""
        bounds = exchange.request.get("_prefix_lines") if isinstance(exchange.request, dict) else None
        if not isinstance(bounds, list) or len(bounds) != 2 or self._session is None:
            return exchange
        lines, at = self._session
        first, end = (bound if isinstance(bound, int) else 0 for bound in bounds)
        return replace(exchange, request=[None] * first + lines[first:end], request_at=at)

    @cached_property
    def _session(self) -> tuple[list[Any], Pointer] | None:
        for number, line in self._source.lines():
            if '"_lines"' in line:
                value = self._source.reader.value(line)
                held = value.get("request") if isinstance(value, dict) else None
                if isinstance(held, dict) and isinstance(held.get("_lines"), list):
                    return held["_lines"], (
                        *self._source.root,
                        Decoding.LINES,
                        number,
                        Decoding.JSON,
                        "request",
                        "_lines",
                    )
        return None


def _problem(source: Source, number: int, error: LoadError) -> Problem:
    return Problem(source.path, error.message, pointer_text((Decoding.LINES, number)))


def _one_conversation(source: Source) -> Exchange:
    """Return a message a line: pointers to the messages lead through the lines."""
    messages = [
        source.reader.read(line, f"line {number + 1}") if line.strip() else None for number, line in source.lines()
    ]
    at = (*source.root, Decoding.LINES)
    return Exchange(at, request=messages, request_at=at)
