"""When a source says it is from: its date, version, or a mark that something newer took its place."""

from __future__ import annotations

import re

from ctxdebug.analysis.claims.values import ValueKind, values
from ctxdebug.analysis.sources.source import Source
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

_MARKED = wording("source_dating", "marked")
_REPLACED = wording("source_dating", "replaced")
_YEAR = lazy(r"(?<!\d)((?:19|20)\d\d)(?:[-_](0[1-9]|1[0-2]))?(?:[-_](0[1-9]|[12]\d|3[01]))?(?!\d)")
_VERSION = lazy(r"(?:^|[\s_(-])v(?:ersion)?\s?(\d+(?:\.\d+)*)\b", re.IGNORECASE)
_HEAD, _TAIL = 700, 300


@record(frozen=True, slots=True)
class Dating:
    """What a source shows of its age. `date` is (year, month, day), 0 where unknown."""

    date: tuple[int, int, int] | None = None
    version: tuple[int, ...] | None = None
    replaced: bool = False
    shown: str = ""
    """The words that say so."""
    start: int = 0
    end: int = 0
    """Where they stand in the text; equal if they are in the title, id or date field."""


def dating(source: Source) -> Dating:
    """Return a source's own date: its date field, then a mark in its head or foot, then its title or id."""
    replaced = _REPLACED.search(source.text[:_HEAD]) or _REPLACED.search(source.title)
    for words in (source.date, None, source.title, source.id):
        found = _marked(source.text) if words is None else _field(words)
        if found:
            return Dating(found.date, found.version, bool(replaced), found.shown, found.start, found.end)
    if replaced:
        inside = replaced.re.search(source.text[:_HEAD])
        return Dating(None, None, True, replaced.group(), *(inside.span() if inside else (0, 0)))
    return Dating()


def _field(words: str) -> Dating | None:
    if not words:
        return None
    for value in values(words):
        date = _parts(value.key) if value.kind is ValueKind.DATE else None
        if date:
            return Dating(date, None, False, value.shown())
    match = _YEAR.search(words)
    if match:
        return Dating(
            (int(match.group(1)), int(match.group(2) or 0), int(match.group(3) or 0)), None, False, match.group()
        )
    version = _VERSION.search(words)
    return (
        Dating(None, tuple(int(part) for part in version.group(1).split(".")), False, version.group().strip())
        if version
        else None
    )


def _marked(text: str) -> Dating | None:
    spans = [(0, min(_HEAD, len(text)))]
    if len(text) > _HEAD + _TAIL:
        spans.append((len(text) - _TAIL, len(text)))
    version = None
    for begin, stop in spans:
        for match in _MARKED.finditer(text, begin, stop):
            after = text[match.end() : match.end() + 32]
            for value in values(after):
                if value.start > 3:
                    break
                date = _parts(value.key) if value.kind is ValueKind.DATE else None
                end = match.end() + value.end
                if date:
                    return Dating(date, None, False, " ".join(text[match.start() : end].split()), match.start(), end)
                if (
                    match.group().lower().startswith(("version", "rev"))
                    and value.kind in {ValueKind.VERSION, ValueKind.NUMBER}
                    and not version
                ):
                    numbers = tuple(int(part) for part in re.findall(r"\d+", value.text)[:4])
                    version = Dating(
                        None, numbers, False, " ".join(text[match.start() : end].split()), match.start(), end
                    )
    return version


def _parts(key: str) -> tuple[int, int, int] | None:
    year, month, day = ([*key.split("|", maxsplit=1)[0].split("-"), "??", "??"])[:3]
    if "?" in year or not "1990" <= year <= "2100":
        return None
    return int(year), 0 if "?" in month else int(month), 0 if "?" in day else int(day)


def older(a: Dating, b: Dating) -> int:
    """-1 if `a` is the older, 1 if `b` is, 0 if they do not tell."""
    if a.replaced != b.replaced:
        return -1 if a.replaced else 1
    if a.date and b.date:
        for x, y in zip(a.date, b.date, strict=True):
            if not x or not y:
                return 0
            if x != y:
                return -1 if x < y else 1
        return 0
    if a.version and b.version and a.version != b.version:
        return -1 if a.version < b.version else 1
    return 0
