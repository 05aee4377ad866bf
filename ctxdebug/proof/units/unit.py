"""One unit of a context, and where it is in the body."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from ctxdebug.records import record

Path: TypeAlias = tuple[str | int, ...]
"""Keys and indexes that lead into a request body."""


class UnitKind(StrEnum):
    """What a unit is."""

    MESSAGE = "message"
    CALLS = "calls with results"
    DOCUMENT = "document"
    SECTION = "section"
    SENTENCE = "sentence"
    TOOL = "tool"
    SETTING = "setting"


@record(frozen=True, slots=True)
class Cut:
    """What is taken out of a body: the value at a path, or the characters of the string there."""

    path: Path
    span: tuple[int, int] | None = None


@record(frozen=True, slots=True)
class Unit:
    """One unit. `id` is unique among the units of a request at its level."""

    id: str
    kind: UnitKind
    label: str
    """What it is, for a person: its role or name, and its words (captured text)."""
    cuts: tuple[Cut, ...]
