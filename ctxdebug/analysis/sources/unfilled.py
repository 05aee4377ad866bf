"""Placeholders that were sent as they stand in the template: in a place for content, or in a sentence of the system prompt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ctxdebug.analysis.sources.slots import LABEL, LONGEST, Slot, authored, names, phrases, plain, shows_a_form
from ctxdebug.model import Kind, Role, Segment
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_PLACEHOLDER = lazy(
    r"""
    \{\{\#[\w.-]{1,60}\#\}\}            # {{#context#}}
    | \{\{\s*[\w.]{1,60}\s*\}\}         # {{ context }}
    | \$\{[\w.]{1,60}\}                 # ${context}
    | (?<![{\w$])\{[A-Za-z_]\w{1,40}\}(?!\})   # {context}
    | %\([a-z_]{2,40}\)s | (?<!\w)%s(?!\w)     # %(context)s, %s
    | [<\[]\s*INSERT\b[^<>\[\]\n]{1,60}[>\]]    # <INSERT CONTEXT HERE>
    | \[object\ Object\]
    """,
    re.VERBOSE,
)
_CODE = lazy(r"```.*?(?:```|\Z)|`[^`\n]{1,200}`", re.DOTALL)
_SPEAKS_OF_TEMPLATES = lazy(
    r"\b(?:place-?holders?|templat(?:e|es|ing)|jinja2?|handlebars|mustache|liquid|f-strings?|interpolat\w+|variables?|curly|braces)\b",
    re.IGNORECASE,
)
_MARKS = ("{", "%", "INSERT", "[object", "undefined", "NaN", "None", "null", "nil")
_BEFORE = 200
"""Characters before a placeholder in which the prompt may say that it shows a form."""
_AFTER = 120
"""Characters behind a placeholder of a sentence in which it may say so."""
_ALWAYS = ("{{#", "[object", "<INSERT", "[INSERT")
"""Forms that nobody writes but a template; what they name does not matter."""
_IN_PROSE = ("{{", "${", "%(")
"""Forms that count inside a sentence; a single brace does so only around a name that the table holds."""


@record(frozen=True, slots=True)
class Unfilled:
    """A placeholder that was sent: where, and whether it is the whole content of its place or stands inside a sentence."""

    slot: Slot
    whole: bool


def unfilled(segments: Iterable[Segment]) -> tuple[Unfilled, ...]:
    """Placeholders that were sent where content was due, in the order of the prompt."""
    return tuple(found for segment in authored(segments) for found in _of(segment))


def is_placeholder(text: str) -> bool:
    """Whether a text is a placeholder and nothing else."""
    return len(text) < _BEFORE and _PLACEHOLDER.fullmatch(text.strip()) is not None


def _of(segment: Segment) -> Iterator[Unfilled]:
    text = segment.text[:LONGEST]
    if segment.kind is Kind.DOCUMENT:
        if is_placeholder(text):
            start = len(text) - len(text.lstrip())
            yield Unfilled(Slot(segment, start, len(text.rstrip()), "", text.strip()), True)
        return
    if any(mark in text for mark in _MARKS):
        yield from _placeholders(segment, text)
        yield from _values(segment, text)


def _placeholders(segment: Segment, text: str) -> Iterator[Unfilled]:
    code = [match.span() for match in _CODE.finditer(text)]
    in_prose = segment.role is not Role.USER and not _SPEAKS_OF_TEMPLATES.search(text)
    for match in _PLACEHOLDER.finditer(text):
        start, end = match.span()
        if any(begin <= start < stop for begin, stop in code) or shows_a_form(text[max(0, start - _BEFORE) : start]):
            continue
        name = _place(text, start, end)
        inner = re.sub(r"\W+", " ", match.group()).strip().lower().replace(" ", "_")
        if name is not None:
            if _known(inner) or _known(plain(name)) or _content_of(inner, name) or match.group().startswith(_ALWAYS):
                yield Unfilled(Slot(segment, start, end, name or inner, match.group()), True)
        elif in_prose and _stands_in_prose(text, start, end) and (match.group().startswith(_IN_PROSE) or _known(inner)):
            yield Unfilled(Slot(segment, start, end, inner, match.group()), False)


def _stands_in_prose(text: str, start: int, end: int) -> bool:
    """Whether a placeholder is a word of a sentence: not quoted, not a part of a path, of JSON, of a list that explains it."""
    before, after = text[max(0, start - 40) : start], text[end : end + _AFTER]
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if not re.search(r"[^\W\d_]{2,}[,;]?[ (]$", before) or not re.match(r"(?:['’]s\b|[.,;!?)]*(?:\s|$))", after):
        return False
    if line.count('"') % 2 or line.count("“") > line.count("”"):
        return False
    return not shows_a_form(after.split("\n", 1)[0])


def _values(segment: Segment, text: str) -> Iterator[Unfilled]:
    """Labels whose value is what a language prints for nothing (`Plan: undefined`, `Customer name: None`)."""
    speaks = _SPEAKS_OF_TEMPLATES.search(text)
    for match in LABEL.finditer(text):
        written = match["inner"].strip()
        if written not in phrases("literals"):
            continue
        label = plain(match["name"])
        always_due = not _is_word(written) and segment.role is not Role.USER and not speaks
        if label in names("result") | names("must_hold") or always_due or (not _is_word(written) and _known(label)):
            start = match.start("inner") + match["inner"].index(written)
            yield Unfilled(Slot(segment, start, start + len(written), match["name"].strip(), written), True)


def _is_word(written: str) -> bool:
    """Whether people write it too, for "there are none"."""
    return written in {"None", "null", "nil"}


def _known(name: str) -> bool:
    return name in names("result") | names("other") | names("must_hold")


def _content_of(inner: str, label: str) -> bool:
    """Whether a name says that it holds the content of the place it stands in: `contract_text` under `CONTRACT:`."""
    thing, _, form = inner.rpartition("_")
    return bool(thing) and form in {"text", "content", "body"} and thing in plain(label).replace(" ", "_").split("_")


def _place(text: str, start: int, end: int) -> str | None:
    """Return the label or element that a placeholder is the whole content of; empty if it is the whole text; None otherwise."""
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    before, after = text[line:start].strip(" \t*"), text[end : stop if stop >= 0 else len(text)].strip(" \t*\"'")
    if after and not after.startswith("</"):
        return None
    if before.endswith((":", ">")):
        return re.sub(r"[^\w ]", "", before.rstrip(":>").split("<")[-1]).strip()
    if before:
        return None
    above = text[:line].rstrip().rsplit("\n", 1)[-1].strip(" \t*#")
    if not above:
        return ""
    return re.sub(r"[^\w ]", "", above).strip() if above.endswith((":", ">")) or above.startswith("<") else None
