"""The shapes of exchanges: one file, one wire format.

A format is registered by `@wire_format`. `sniff` weighs an exchange by its shape (body first, then the
URL's path), never by a model's name; `read` turns it into a `Draft` without losing a character.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from ctxdebug.errors import LoadError
from ctxdebug.exchange import Draft, Exchange, Stream
from ctxdebug.records import record
from ctxdebug.registry import Registry

Sniff: TypeAlias = Callable[[Exchange], int]
Read: TypeAlias = Callable[[Exchange], Draft]


@record(frozen=True, slots=True)
class WireFormat:
    """A shape of exchanges. `evidence` says what it is known by; a sniff of 0 means not this format."""

    name: str
    evidence: str
    sniff: Sniff
    read: Read
    among: frozenset[str] = frozenset()
    """Keys of the bodies (or `LIST`, `TEXT`, `STREAM`) of which one must be there; empty when the URL alone may tell."""


_FOR_THE_REST = frozenset({"messages", "logged-row"})
"""Formats that read what no other does, and so give way in a tie."""
LIST, TEXT, STREAM = "a list", "a text", "a stream"
WIRE_FORMATS: Registry[WireFormat] = Registry("ctxdebug.wire", lambda entry: entry.name)


def wire_format(name: str, evidence: str, sniff: Sniff, among: frozenset[str] = frozenset()) -> Callable[[Read], Read]:
    """Register a wire format."""
    return WIRE_FORMATS.register(lambda read: WireFormat(name, evidence, sniff, read, among))


def by_documentation() -> frozenset[str]:
    """Return the names of readers that were never tried on a file that the program itself wrote."""
    return frozenset(json.loads(Path(__file__).with_name("tried.json").read_text("utf-8"))["documentation"])


class UnknownFormatError(LoadError):
    """No wire format knows an exchange."""


def identify(exchange: Exchange) -> WireFormat:
    """Return the one format that an exchange has; raises `LoadError` naming the candidates when there is none or a tie."""
    formats = WIRE_FORMATS.all()
    marks = _marks(exchange.request) | _marks(exchange.response)
    weights = sorted(
        ((form.sniff(exchange) if not form.among or form.among & marks else 0, name) for name, form in formats.items()),
        reverse=True,
    )
    best, name = weights[0]
    if best <= 0:
        raise UnknownFormatError(
            f"no known wire format ({_shape(exchange)}); `ctxdebug formats` lists what is read; `--wire-format NAME` settles it"
        )
    tied = [other for weight, other in weights if weight == best]
    tied = [other for other in tied if other not in _FOR_THE_REST] or tied
    name = tied[0]
    if len(tied) > 1:
        raise LoadError(f"it could be any of {', '.join(sorted(tied))}; `--wire-format NAME` settles it")
    return formats[name]


def _marks(body: Any) -> frozenset[str]:
    """Return the keys of a body, or a word for what it is."""
    if isinstance(body, dict):
        return frozenset(body)
    if isinstance(body, list):
        return frozenset({LIST})
    if isinstance(body, str):
        return frozenset({TEXT})
    return frozenset({STREAM}) if isinstance(body, Stream) else frozenset()


def _shape(exchange: Exchange) -> str:
    value: Any = exchange.request if exchange.request is not None else exchange.response
    if isinstance(value, dict):
        keys = ", ".join(str(key) for key in list(value)[:8])
        return f"an object with the keys {keys}" if keys else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value)} items" if value else "an empty list"
    return "nothing" if value is None else f"a {type(value).__name__}"
