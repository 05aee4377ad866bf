"""Cut an answer into its sentences, paragraphs, lines, items, headings and sections, in every way that a person might mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.kinds.readings import sentence_readings
from ctxdebug.text.layout import prose
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.analysis.constraints.compliance_outcome import Answer

_WORD = lazy(r"\w")
_ITEM = lazy(r"^(?P<lead>[ \t]*)(?:[-*+•–]|(?P<number>\d{1,3}[.)]))[ \t]+(?P<said>\S[^\n]*)", re.MULTILINE)
_HEADING = lazy(r"^[ \t]*#{1,6}[ \t]+(?P<said>[^\n]{1,200}?)[ \t]*#{0,6}$", re.MULTILINE)
_BOLD = lazy(r"^[ \t]*\*\*(?P<said>[^*\n]{1,100}?):?\*\*:?[ \t]*$", re.MULTILINE)
_FRAME = lazy(
    r"#{1,6}[ \t][^\n]*|\*\*[^*\n]{1,80}\*\*:?|[^\n.!?]{1,60}:|[-*_=]{3,}"
    r"|(?:dear|hi|hello|hey|best|kind|warm|sincerely|regards|yours)\b[^\n.!?]{0,60}[,!]?(?:\n[^\n.!?]{1,60})?",
    re.IGNORECASE,
)
_TITLE = lazy(r"<<(?P<said>[^<>\n]{1,200})>>")
_FENCED = lazy(r"^[ \t]*(```|~~~)[^\n]*\n[\s\S]*?^[ \t]*\1[ \t]*$", re.MULTILINE)
_INLINE = lazy(r"`[^`\n]{1,300}`")
_QUOTED = lazy(r"\"[^\"\n]{1,1000}\"|“[^“”\n]{1,1000}”|«[^«»\n]{1,1000}»|„[^„“”\n]{1,1000}[“”]")
_ROW = lazy(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE)
_LONGEST_TITLE = 100
"""Characters of a first line that may be a title."""


def readings(unit: str, answer: Answer) -> list[list[str]]:
    """Return the parts of an answer, in each of the ways in which they can be told; nothing where they cannot."""
    cut = _CUTS.get(unit)
    unique: list[list[str]] = []
    for reading in cut(answer.text) if cut is not None else ():
        if reading not in unique:
            unique.append(reading)
    return unique


def without(unit: str, answer: Answer) -> list[str]:
    """Return an answer without some of its parts, in each of the ways in which these can be told."""
    text = answer.text
    if unit == "code":
        bare = _FENCED.sub(" ", text)
        return [_INLINE.sub(" ", bare), bare] if _INLINE.search(bare) else [bare]
    if unit == "quotation":
        return [_QUOTED.sub(" ", text)]
    if unit == "table":
        return [_ROW.sub("", text)]
    if unit == "title":
        first, _, rest = text.strip().partition("\n")
        marked = _HEADING.match(first) or _BOLD.match(first) or _TITLE.match(first)
        if marked or (rest.strip() and len(first) <= _LONGEST_TITLE and first.rstrip()[-1:] not in ".!?,;"):
            return [rest] if marked else [rest, text]
        return [text]
    if unit == "heading":
        bare = _HEADING.sub("", text)
        return [bare, _BOLD.sub("", bare)]
    if unit in {"item", "bullet"}:
        return [_ITEM.sub("", text)]
    return []


def _sentences(text: str) -> list[list[str]]:
    return list(sentence_readings(text))


def _paragraphs(text: str) -> list[list[str]]:
    blocks = [part.strip() for part in re.split(r"\n[ \t]*\n\s*", text.strip()) if _WORD.search(part)]
    body = [part for part in blocks if not _FRAME.fullmatch(part)]
    plain = [part for part in body if not _ITEM.match(part)]
    found = [blocks, body, plain]
    if len(blocks) == 1 and "\n" in blocks[0]:
        found.append([line for line in blocks[0].splitlines() if _WORD.search(line)])
    return [one for one in found if one]


def _lines(text: str) -> list[list[str]]:
    lines = [line.strip() for line in text.splitlines() if _WORD.search(line)]
    body = [line for line in lines if not line.startswith(("```", "~~~"))]
    return [one for one in (lines, body) if one]


def _items(text: str) -> list[list[str]]:
    """Return the items of the lists, with and without what is nested in them."""
    body = prose(text)
    found = list(_ITEM.finditer(body))
    if not found:
        return []
    least = min(len(match["lead"].expandtabs()) for match in found)
    top = [match for match in found if len(match["lead"].expandtabs()) == least]
    ends = [match.start() for match in top[1:]] + [len(body)]
    whole = [
        re.split(r"\n[ \t]*\n", body[match.start("said") : end])[0].strip()
        for match, end in zip(top, ends, strict=True)
    ]
    return [[match["said"].strip() for match in top], whole, [match["said"].strip() for match in found]]


def _bullets(text: str) -> list[list[str]]:
    found = [match for match in _ITEM.finditer(prose(text)) if not match["number"]]
    return [[match["said"].strip() for match in found]] if found else _items(text)


def _headings(text: str) -> list[list[str]]:
    marked = [(match.start(), match["said"].strip()) for match in _HEADING.finditer(prose(text))]
    bold = [(match.start(), match["said"].strip()) for match in _BOLD.finditer(text)]
    return [[said for _, said in sorted(one)] for one in (marked, marked + bold) if one]


def _title(text: str) -> list[list[str]]:
    first, _, rest = text.strip().partition("\n")
    marked = _HEADING.match(first) or _BOLD.match(first) or _TITLE.match(first)
    if marked is not None:
        return [[marked["said"]]]
    label = re.match(r"(?:title|headline)[ \t]*:[ \t]*(?P<said>\S[^\n]*)", first, re.IGNORECASE)
    return [[label["said"]]] if label is not None and rest else []


def _sections(text: str) -> list[list[str]]:
    """Return the text below each heading, with and without the heading."""
    found = list(_HEADING.finditer(prose(text))) or list(_BOLD.finditer(text))
    if not found:
        return []
    ends = [match.start() for match in found[1:]] + [len(text)]
    spans = list(zip(found, ends, strict=True))
    return [
        [text[match.start() : end].strip() for match, end in spans],
        [text[match.end() : end].strip() for match, end in spans],
    ]


_CUTS: dict[str, Callable[[str], list[list[str]]]] = {
    "sentence": _sentences, "paragraph": _paragraphs, "line": _lines, "item": _items, "bullet": _bullets, "heading": _headings,
    "title": _title, "section": _sections,
}  # fmt: skip
