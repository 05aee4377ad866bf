"""Why a file cannot be read, in words that help: what it is, and what to do with it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from ctxdebug.decoding.source import Source
from ctxdebug.decoding.sqlite_rows import tables
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Stream

_LINES = 5
_KEYS = 8


@cache
def _rows() -> Mapping[str, Any]:
    rows: Mapping[str, Any] = json.loads(Path(__file__).with_name("refusals.json").read_text(encoding="utf-8"))
    return rows


def refusal(source: Source) -> str | None:
    """Return what a file is and what to do, where its bytes, characters or keys tell; None where nothing does."""
    rows = _rows()
    if source.shape == "sqlite" and (told := _of_tables(source, rows["tables"])) is not None:
        return told
    for start, what, advice in rows["bytes"]:
        if source.head.startswith(bytes.fromhex(start)):
            return f"is {what}; {advice}"
    for pattern, what, advice in rows["patterns"]:
        if re.match(pattern, source.opening):
            return f"is {what}; {advice}"
    held = list(_objects(source))
    for keys, what, advice in rows["keys"]:
        if any(all(_has(one, key) for key in keys) for one in held):
            return f"is {what}; {advice}"
    return None


def _of_tables(source: Source, known: list[Any]) -> str | None:
    """Return what a database is, by its tables; None where they do not tell."""
    try:
        held = tables(source)
    except LoadError:
        return None
    for names, what, advice in known:
        if all(name in held for name in names):
            return f"is {what}; {advice}"
    return None


def _has(one: Mapping[str, Any], key: str) -> bool:
    """Whether an object has a key, and for `key=beginning` a text there that begins so."""
    name, told, beginning = key.partition("=")
    return name in one and (not told or str(one[name]).startswith(beginning))


def _objects(source: Source) -> Iterator[Mapping[str, Any]]:
    """Yield the objects that tell what a file is: its document, that one's first item, or its first lines."""
    try:
        if source.shape == "json":
            document = source.document
            if isinstance(document, dict):
                yield document
                yield from [held for held in (document.get("request"),) if isinstance(held, dict)]
            yield from (
                [item for item in document[:_LINES] if isinstance(item, dict)] if isinstance(document, list) else []
            )
        elif source.shape == "json lines":
            for _, line in islice(source.lines(), _LINES):
                value = source.reader.value(line)
                yield from [value] if isinstance(value, dict) else []
    except (LoadError, RecursionError):
        return


class Strangers:
    """Counts the rows of a file that no format knows, to tell them in one line."""

    def __init__(self) -> None:
        self.first = ""
        """The pointer of the first of them."""
        self._shapes: Counter[str] = Counter()

    def add(self, value: Any, pointer: str) -> None:
        """Count one more."""
        self.first = self.first or pointer
        self._shapes[shape_of(value)] += 1

    def __len__(self) -> int:
        return self._shapes.total()

    def sentence(self) -> str:
        """Return one sentence about all of them."""
        shown = [f"{shape}{f' ({count} times)' if count > 1 else ''}" for shape, count in self._shapes.most_common(3)]
        more = len(self._shapes) - len(shown)
        kinds = "; ".join(shown) + (f"; and {more} more shapes" if more > 0 else "")
        if len(self) == 1:
            return f"is of no known wire format: {kinds}; `ctxdebug formats` lists what is read"
        return f"{len(self)} rows are of no known wire format: {kinds}; `ctxdebug formats` lists what is read"


def shape_of(value: Any) -> str:
    """Return what a value looks like: the keys of an object, or of the first item of a list."""
    if isinstance(value, dict):
        keys = ", ".join(str(key)[:40] for key in list(value)[:_KEYS])
        return f"an object with the keys {keys}" if keys else "an empty object"
    if isinstance(value, list):
        if value and isinstance(value[0], dict):
            return f"a list of {len(value)} objects, the first with the keys {', '.join(str(key)[:40] for key in list(value[0])[:_KEYS])}"
        return f"a list of {len(value)} items" if value else "an empty list"
    if isinstance(value, Stream):
        return f"a stream whose first event is {shape_of(value.events[0].data) if value.events else 'nothing'}"
    return "nothing" if value is None else f"a {'text' if isinstance(value, str) else type(value).__name__}"
