"""Figures as they are written in much of the world: `1.250,50` for 1250.5, `1.250` for a thousand or for a decimal."""

from __future__ import annotations

import re

from ctxdebug.text.patterns import lazy

_COMMA = lazy(r"(?:\d{1,3}(?:\.\d{3})+|\d{1,9}),\d{1,2}")
_POINTS = lazy(r"\d{1,3}(?:\.\d{3})+")
_FIGURE = lazy(r"(?:\d{1,3}(?:\.\d{3})+|\d{1,9}),\d{1,2}(?!\d|,\d)|\d[\d, \u00a0]*(?:\.\d+)?")


def with_point(written: str) -> str:
    """Return a figure with a decimal comma as one with a decimal point, without marks between its thousands; others as they are."""
    return written.replace(".", "").replace(",", ".") if _COMMA.fullmatch(written) else written


def in_thousands(written: str) -> float | None:
    """Return what `88.214` is where the point stands between thousands; None where it can only be a decimal point."""
    return float(written.replace(".", "")) if _POINTS.fullmatch(written) else None


def figure(written: str) -> float:
    """Return the number that a figure writes."""
    return float(re.sub(r"[, \u00a0]", "", with_point(written)))


def figures(text: str) -> list[float]:
    """Return every figure of a text, as written."""
    return [figure(one) for one in _FIGURE.findall(text)]
