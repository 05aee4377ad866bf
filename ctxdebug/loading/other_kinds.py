"""What a file is that is no capture: a folder walk passes it over by this name, instead of calling it unreadable."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError

_MOST_VALUES = 20_000
"""Values of a document that are looked at for marks of a conversation."""
_MOST_LINES = 20
_MOST_CHARACTERS = 1_000_000


@cache
def _kinds() -> dict[str, Any]:
    kinds: dict[str, Any] = json.loads(Path(__file__).with_name("other_kinds.json").read_text(encoding="utf-8"))
    return kinds


@cache
def _by_suffix() -> dict[str, str]:
    return {f".{suffix}": kind for kind, suffixes in _kinds()["suffixes"].items() for suffix in suffixes}


@cache
def _by_name() -> dict[str, str]:
    return {name: kind for kind, names in _kinds()["names"].items() for name in names}


def kind_by_name(path: str) -> str | None:
    """Return the kind that a file's whole name tells (`package.json`, `README.md`); None where it tells none."""
    return _by_name().get(PurePath(path).name.lower())


def kind_by_suffix(path: str) -> str | None:
    """Return the kind that the end of a file's name tells (`x.py`, `x.tar.gz`); None where it tells none."""
    suffixes = [suffix.lower() for suffix in PurePath(path).suffixes]
    return next((kind for at in (-2, -1) if (kind := _by_suffix().get("".join(suffixes[at:])))), None)


def other_kind(source: Source) -> str | None:
    """Return what a file is that no container or wire format knows; None where it may well be a capture.

    A document that parses and has no key of a conversation is of another kind. One that has such keys, or cannot be
    parsed, should be readable, so nothing is said of it.
    """
    try:
        shape = source.shape
        if shape == "json":
            return _of_document(source.document, "JSON")
        if shape == "json lines":
            lines = [line for _, line in islice(source.lines(), _MOST_LINES)]
            return _of_document([source.reader.value(line) for line in lines], "JSON")
        return _of_text(source) if shape == "text" else None
    except (LoadError, RecursionError):
        return None


def _of_text(source: Source) -> str | None:
    if PurePath(source.path).suffix.lower() in {".txt", ".log"}:
        return None if _speaks(source.opening) else "plain text"
    if PurePath(source.path).suffix.lower() not in {".yaml", ".yml"} or len(source.data) > _MOST_CHARACTERS:
        return None
    from ctxdebug.decoding.safe_yaml import CAPTURE, parse_beginning

    document, fault = parse_beginning(source.text, CAPTURE)
    return None if fault is not None else _of_document(document, "YAML")


def _of_document(document: Any, form: str) -> str | None:
    if isinstance(document, dict):
        for kind, keys in _kinds()["keys"]:
            if all(key in document for key in keys):
                return str(kind)
    return None if any(_marks(document)) else f"{form} of another kind"


def _speaks(text: str) -> bool:
    """Whether a text has words by which logs of model calls are known."""
    return any(mark in text for mark in _kinds()["text marks"])


def _marks(document: Any) -> Iterator[bool]:
    """Yield whether a key or a text of a document is a mark of a conversation; too many values count as one."""
    marks = frozenset(_kinds()["marks"])
    waiting = [document]
    for number, value in enumerate(waiting):
        if number == _MOST_VALUES:
            yield True
            return
        if isinstance(value, str):
            yield _speaks(value)
        elif isinstance(value, dict):
            yield from (key in marks for key in value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
