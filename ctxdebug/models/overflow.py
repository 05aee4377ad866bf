"""Recognise an error that says the prompt was too long, and read its numbers."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ctxdebug.model import ProviderError
from ctxdebug.models.data_files import read
from ctxdebug.models.spelling import canonical_host
from ctxdebug.records import record, replace
from ctxdebug.text.patterns import lazy

_FIELD = lazy(r"\{(\w+)\}")
_NUMBER = r"[\s`'\"(]{0,3}(?P<%s>\d[\d,]{0,12})"
_SUBJECT = r"(?:context|prompt|input|messages|tokens)"
_FAULT = r"(?:too long|too large|too many|exceed\w{0,5}|maximum context|over the limit|longer than)"
_LOOSE = lazy(rf"\b{_SUBJECT}\b.{{0,80}}?\b{_FAULT}|\b{_FAULT}\b.{{0,80}}?\b{_SUBJECT}\b", re.IGNORECASE | re.DOTALL)
_NOT_TOKENS = frozenset({"draft", "other"})
"""Places of a message that hold other numbers: draft tokens, characters."""
_ANY_NUMBER = lazy(r"(?<![\w.,-])(?:by )?\d[\d,]{0,12}(?![\w.-]*\w)")
_AROUND = 100
"""Characters around the words that say it, in which its numbers stand."""
_LEAST_WINDOW = 256
"""Tokens. No server in use has a smaller window: a smaller number counts something else."""
_ENOUGH = 4_000
"""Characters of an error text that are read; the sentence stands at its beginning."""


@record(frozen=True, slots=True)
class Overflow:
    """An error that means: the prompt does not fit. Numbers are tokens, None where the text has none."""

    row: str
    """The row of the table; `unlisted` when only the wording suggests it."""
    certain: bool
    requested: int | None = None
    """Prompt, or prompt and answer, as the provider counted."""
    limit: int | None = None
    prompt: int | None = None
    output: int | None = None
    excess: int | None = None
    source: str = ""


def refusal(error: ProviderError | None, provider: str | None = None) -> Overflow | None:
    """Read a recorded error, with the numbers that it carries beside its message; None when it speaks of something else."""
    if error is None or (found := overflow_of(error.message, error.code, provider)) is None:
        return None
    fields = read("overflow")["fields"]
    beside = {fields[name]["means"]: count for name, count in error.numbers if name in fields}
    requested = beside.get("requested") if found.requested is None else found.requested
    return replace(found, requested=requested, limit=beside.get("limit") if found.limit is None else found.limit)


def overflow_of(message: str | None, code: str | None = None, provider: str | None = None) -> Overflow | None:
    """Read an error; None when it speaks of something else. `code` is its code, type or error_type."""
    text = (message or "")[:_ENOUGH]
    if any(other["message"].lower() in text.lower() for other in read("overflow")["not_overflow"]):
        return None
    host = canonical_host(provider)
    rows = sorted(_rows(), key=lambda row: host not in row[0]["hosts"])
    for raw, pattern in rows:
        if pattern and (found := pattern.search(text)):
            return _overflow(raw, found.groupdict())
    for raw, _ in rows:
        if code and code in raw.get("codes", ()):
            return _overflow(raw, {})
    loose = _LOOSE.search(text)
    return _unlisted(text, loose) if loose is not None else None


def _unlisted(text: str, loose: re.Match[str]) -> Overflow:
    """Read the two numbers of a sentence that no row knows: what was too long is the larger one."""
    around = text[max(0, loose.start() - _AROUND) : loose.end() + _AROUND]
    found = set(_ANY_NUMBER.findall(around))
    sizes = sorted(int(one.replace(",", "")) for one in found if not one.startswith("by "))
    if len(found) != 2 or len(sizes) != 2 or sizes[0] < _LEAST_WINDOW:
        return Overflow("unlisted", certain=False)
    return Overflow("unlisted", certain=False, requested=sizes[1], limit=sizes[0])


@cache
def _rows() -> tuple[tuple[dict[str, Any], re.Pattern[str] | None], ...]:
    return tuple((raw, _pattern(raw["message"]) if "message" in raw else None) for raw in _specific_first())


def _specific_first() -> list[dict[str, Any]]:
    return sorted(read("overflow")["rows"], key=lambda raw: -raw.get("message", "").count("{"))


def _pattern(template: str) -> re.Pattern[str]:
    """Read a message with places for numbers as a pattern; spaces are any white space."""
    parts = _FIELD.split(template.rstrip(" ."))
    pieces = [_words(part) if index % 2 == 0 else _NUMBER % part for index, part in enumerate(parts)]
    return lazy("".join(pieces), re.IGNORECASE)


def _words(text: str) -> str:
    return r"\s{0,3}".join(re.escape(word) for word in text.split(" ")) if text else ""


def _overflow(raw: dict[str, Any], numbers: dict[str, str]) -> Overflow:
    read_off = {name: int(text.replace(",", "")) for name, text in numbers.items() if name not in _NOT_TOKENS}
    return Overflow(raw["id"], certain=True, source=raw["source"], **read_off)
