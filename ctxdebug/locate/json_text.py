"""Where the values of a JSON text stand; only the containers on the way to one are looked into."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]  # not in the stubs
from typing import Any

from ctxdebug.locate.layers import Layer, Region, escaped_offsets
from ctxdebug.text.patterns import lazy

_SPACE = lazy(r"[ \t\n\r]*")
_SPACE_COMMA = lazy(r"[ \t\n\r,]*")


class JsonText:
    """The values of one JSON text by their steps. Malformed text is searched as far as it is well formed."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        self._scan: Callable[[str, int], tuple[Any, int]] = vars(json.JSONDecoder(strict=False))["scan_once"]
        self._children: dict[int, dict[str | int, tuple[int, int]]] = {}
        self._string: Region | None = None
        """The string that was asked for last."""

    def find(self, steps: Sequence[str | int]) -> Region | None:
        """Return the value at the end of `steps`, or the deepest one on the way."""
        text = self._layer.text
        start, end = self._after_space(1 if text.startswith("\ufeff") else 0), len(text)
        for step in steps:
            child = self._of(start).get(step)
            if child is None:
                break
            start, end = child
        if text[start : start + 1] != '"':
            return Region(self._layer, start, end)
        if self._string is None or self._string.start != start:  # the findings of a long text come one after the other
            value = scanstring(text, start + 1, False)[0]
            self._string = Region(self._layer, start, end, escaped_offsets(text, start + 1, end - 1), value)
        return self._string

    def _after_space(self, at: int) -> int:
        match = _SPACE.match(self._layer.text, at)
        return match.end() if match else at

    def _of(self, start: int) -> dict[str | int, tuple[int, int]]:
        if start not in self._children:
            opening = self._layer.text[start : start + 1]
            try:
                self._children[start] = (
                    self._members(start) if opening == "{" else self._items(start) if opening == "[" else {}
                )
            except (StopIteration, ValueError):
                self._children[start] = {}
        return self._children[start]

    def _items(self, start: int) -> dict[str | int, tuple[int, int]]:
        text, at = self._layer.text, self._after_space(start + 1)
        found: dict[str | int, tuple[int, int]] = {}
        while at < len(text) and text[at] != "]":
            end = self._scan(text, at)[1]
            found[len(found)] = (at, end)
            at = self._after_comma(end)
        return found

    def _members(self, start: int) -> dict[str | int, tuple[int, int]]:
        text, at = self._layer.text, self._after_space(start + 1)
        found: dict[str | int, tuple[int, int]] = {}
        while at < len(text) and text[at] == '"':
            key, at = scanstring(text, at + 1, False)
            at = self._after_space(self._after_space(at) + 1)
            end = self._scan(text, at)[1]
            found[key] = (at, end)
            at = self._after_comma(end)
        return found

    def _after_comma(self, at: int) -> int:
        match = _SPACE_COMMA.match(self._layer.text, at)
        return match.end() if match else at
