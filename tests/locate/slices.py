"""The characters of a file that a place means."""

from __future__ import annotations

from ctxdebug.model import Place


def slice_of(text: str, place: Place) -> str:
    lines = text.split("\n")
    if place.line == place.end_line:
        return lines[place.line - 1][place.column - 1 : place.end_column - 1]
    inner = lines[place.line : place.end_line - 1]
    return "\n".join(
        [lines[place.line - 1][place.column - 1 :], *inner, lines[place.end_line - 1][: place.end_column - 1]]
    )
