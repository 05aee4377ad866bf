"""Shorten a block: what findings point at stays, in its sentences; a placeholder gives the length of the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ctxdebug.records import replace
from ctxdebug.sharing.blocks import Form
from ctxdebug.text.patterns import lazy
from ctxdebug.text.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.sharing.blocks import Block

_SHORTEST = 160
"""Characters up to which nothing is gained: a placeholder has about fifty."""
_GAP = 80
_LONGEST_SPAN = 600
_KEPT_OF_LONG = (300, 100)
_BORDER = 200
"""Characters of markup that may stand where two blocks touch."""
_FIRST_LINE = 120
_LONGEST_VALUE = 120
_BLANK = lazy(r"\n[ \t]{0,40}\n")
_LETTER = lazy(r"[^\W\d_]")
_DIGIT = lazy(r"\d")


def placeholder(count: int, what: str) -> str:
    """Return what stands for text that was left out: no sentence, so that nothing reads it as one."""
    return f"⟦ctxdebug share: {what}, length {count:,}⟧"


def written(block: Block, form: Form, safe: Callable[[str], str]) -> str:
    """Return a block of text in a form; `safe` makes what is kept of an untrusted text harmless."""
    if form is Form.MASKED and not block.cited:
        return masked(block.text)
    kept = safe if block.untrusted else unchanged
    return kept(block.text) if form is Form.WHOLE else shortened(block, form, kept)


def unchanged(text: str) -> str:
    """Return a text as it is."""
    return text


def masked(text: str) -> str:
    """Return a text of the same length and layout that says nothing."""
    return _DIGIT.sub("0", _LETTER.sub(lambda letter: "X" if letter[0].isupper() else "x", text))


def shortened(block: Block, form: Form, kept: Callable[[str], str]) -> str:
    """Return the sentences that findings point at, the markup at its borders, and placeholders."""
    text = block.text
    if len(text) <= _SHORTEST:
        return kept(text)
    parts: list[str] = []
    at = 0
    for start, end in _merged([*_borders(block), *_sentences(block, form)], len(text)):
        if start > at:
            lead = "" if not at else "\n" if "\n" in (text[at], text[at - 1]) else " "
            tail = "" if start == len(text) else "\n" if text[start - 1] == "\n" else " "
            parts.append(f"{lead}{placeholder(start - at, block.what)}{tail}")
        parts.append(kept(text[start:end]) if end > start else "")
        at = end
    return "".join(parts)


def _merged(spans: list[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Return stretches in order, those as one between which a placeholder would gain nothing; the end of the text is one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted([*spans, (size, size)]):
        if start - (merged[-1][1] if merged else 0) <= _GAP:
            first = merged.pop() if merged else (0, 0)
            merged.append((first[0], max(first[1], end)))
        else:
            merged.append((start, end))
    return merged


def _sentences(block: Block, form: Form) -> list[tuple[int, int]]:
    spans = [*block.spans, *(block.supports if form >= Form.SUPPORTED else ())]
    if not spans:
        return []
    sentences = _paragraphs(block.text) if form >= Form.SUPPORTED else sentence_spans(block.text)
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if end - start > _LONGEST_SPAN and not _is_kept_whole(block, start, end):
            head, tail = _KEPT_OF_LONG
            found += [(start, start + head), (end - tail, end)]
            continue
        touched = [one for one in sentences if one[0] < end and one[1] > start]
        found.append((min([start, *(one[0] for one in touched)]), max([end, *(one[1] for one in touched)])))
    return found


def _paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    """Return the stretches between blank lines."""
    ends = [*(match.start() for match in _BLANK.finditer(text)), len(text)]
    starts = [0, *(match.end() for match in _BLANK.finditer(text))]
    return tuple(zip(starts, ends, strict=True))


def _is_kept_whole(block: Block, start: int, end: int) -> bool:
    """Whether a long stretch is the answer or the question, of which the length was chosen."""
    return start == 0 and (block.path[0] == "response" or end <= _LONGEST_SPAN)


def _borders(block: Block) -> list[tuple[int, int]]:
    """Return the lines where another block touches, and a document's first line: titles, dates and tags stand there."""
    text, found = block.text, []
    before, behind = block.borders
    first = text.find("\n", 1)
    if before or (block.untrusted and 0 < first <= _FIRST_LINE):
        found.append((0, min(_BORDER, first + 1 if first > 0 else _BORDER)))
    if behind:
        last = text.rstrip().rfind("\n") + 1
        found.append((max(last, len(text) - _BORDER), len(text)))
    return found


def data_written(value: Any, block: Block, form: Form, safe: Callable[[str], str]) -> Any:
    """Return a JSON value, or a string that contains one, in a form."""
    change = _changer(block, form, safe)
    if not isinstance(value, str):
        return _walked(value, change)
    try:
        held = json.loads(value)
    except (ValueError, RecursionError):
        return change(value)
    if not isinstance(held, (dict, list)):
        return change(value)
    new = _walked(held, change)
    return value if new == held else json.dumps(new, ensure_ascii=False)


def _changer(block: Block, form: Form, safe: Callable[[str], str]) -> Callable[[str], str]:
    kept = safe if block.untrusted else unchanged

    def change(text: str) -> str:
        if len(text) <= _LONGEST_VALUE or form is Form.WHOLE:
            return kept(text)
        if form is Form.MASKED and not block.cited:
            return masked(text)
        return shortened(_part(text, block), form, kept)

    return change


def _part(text: str, block: Block) -> Block:
    """Return one text of a JSON value as a block of its own, with the places of what is quoted from it."""
    return replace(
        block, text=text, spans=_places(text, block.quotes), supports=_places(text, block.also_quotes), borders=(False, False)
    )  # fmt: skip


def _places(text: str, quotes: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    inside = [(at, at + len(quote)) for quote in quotes if quote and (at := text.find(quote)) >= 0]
    return tuple(inside or [(0, len(text)) for quote in quotes if text in quote])


def _walked(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _walked(item, change) for key, item in value.items()}
    return [_walked(item, change) for item in value] if isinstance(value, list) else value
