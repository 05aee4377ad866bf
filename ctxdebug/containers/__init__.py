"""How exchanges are stored in a capture: one file, one container.

A container is registered by `@container`. Its `sniff` judges by shape alone, never by a file's name;
its function yields the exchanges in order, and a `Problem` for each that cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Any, TypeAlias

from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer, Problem, pointer_text
from ctxdebug.records import record
from ctxdebug.registry import Registry

Found: TypeAlias = Exchange | Problem


class Likeness(IntEnum):
    """How sure a container is that a file is one of its own."""

    NO = 0
    GENERIC = 1
    """It can be read as such, if nothing knows better."""
    CERTAIN = 2


@record(frozen=True, slots=True)
class Container:
    """A way to store exchanges. `evidence` says what it is known by, for `ctxdebug formats`."""

    name: str
    evidence: str
    sniff: Callable[[Source], Likeness]
    exchanges: Callable[[Source], Iterator[Found]]


CONTAINERS: Registry[Container] = Registry("ctxdebug.containers", lambda entry: entry.name)


def documents(source: Source) -> Iterator[tuple[Pointer, Any] | Problem]:
    """Yield the JSON documents of a file, each with its place: the file itself, or one a line.

    A line that is none is a problem; the last one only a warning, since it may just be cut.
    """
    if source.shape != "json lines":
        yield (*source.root, Decoding.JSON), source.document
        return
    fault: tuple[Pointer, LoadError] | None = None
    for number, line in source.lines():
        if not line.strip():
            continue
        if fault is not None:
            yield Problem(source.path, fault[1].message, pointer_text(fault[0]))
            fault = None
        at = (*source.root, Decoding.LINES, number)
        try:
            yield (*at, Decoding.JSON), source.reader.read(line, f"line {number + 1}")
        except LoadError as error:
            fault = at, error
    if fault is not None:
        message = f"the last line is cut and was left out: {fault[1].message}"
        yield Problem(source.path, message, pointer_text(fault[0]), fatal=False)


def container(
    name: str, evidence: str, sniff: Callable[[Source], Likeness]
) -> Callable[[Callable[[Source], Iterator[Found]]], Callable[[Source], Iterator[Found]]]:
    """Register a container."""
    return CONTAINERS.register(lambda exchanges: Container(name, evidence, sniff, exchanges))
