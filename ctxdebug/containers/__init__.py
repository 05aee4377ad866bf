"""How exchanges are stored in a capture: one file, one container.

A container signs in with `@container`. Its `sniff` judges by shape alone, never by a file's name;
its function yields the exchanges in order, and a `Problem` for each that cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from ctxdebug.exchange import Exchange
from ctxdebug.model import Problem
from ctxdebug.registry import Registry
from ctxdebug.source import Source

Found: TypeAlias = Exchange | Problem


class Likeness(IntEnum):
    """How sure a container is that a file is one of its own."""

    NO = 0
    GENERIC = 1
    """It can be read as such, if nothing knows better."""
    CERTAIN = 2


@dataclass(frozen=True, slots=True)
class Container:
    """A way to store exchanges. `evidence` says what it is known by, for `ctxdebug formats`."""

    name: str
    evidence: str
    sniff: Callable[[Source], Likeness]
    exchanges: Callable[[Source], Iterator[Found]]


CONTAINERS: Registry[Container] = Registry("ctxdebug.containers", lambda entry: entry.name)


def container(
    name: str, evidence: str, sniff: Callable[[Source], Likeness]
) -> Callable[[Callable[[Source], Iterator[Found]]], Callable[[Source], Iterator[Found]]]:
    """Sign a container in."""

    def sign_in(exchanges: Callable[[Source], Iterator[Found]]) -> Callable[[Source], Iterator[Found]]:
        CONTAINERS.add(Container(name, evidence, sniff, exchanges))
        return exchanges

    return sign_in
