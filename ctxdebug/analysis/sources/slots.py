"""Places of a prompt where an application puts content: left empty, or with the placeholder still in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from ctxdebug.model import Kind, Role, Segment
from ctxdebug.text.abstention import is_empty
from ctxdebug.text.patterns import lazy

_ELEMENT = lazy(r"^[ \t]*<(?P<name>[A-Za-z][\w-]{1,30})>(?P<inner>[^<>]{0,200})</(?P=name)>[ \t]*$", re.MULTILINE)
_LABEL = lazy(r"^[ \t#*]*(?P<name>[A-Za-z][\w ]{2,30}?)[ *]*:[ \t*]*(?P<inner>[^\n]{0,120})$", re.MULTILINE)
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
_BEFORE = 200
"""Characters before a placeholder in which the prompt may say that it shows a form."""
_LONGEST = 200_000
"""Characters of a segment that are read."""
_TOLD = frozenset({Role.SYSTEM, Role.DEVELOPER, Role.USER})


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for content: its segment, its span there, its name, and what is written in it (empty: nothing)."""

    segment: Segment
    start: int
    end: int
    name: str
    written: str = ""


@cache
def _names(kind: str) -> frozenset[str]:
    loaded = json.loads((files("ctxdebug.analysis.sources") / "slots.json").read_text("utf-8"))
    words = str(loaded[kind]).split()
    pairs = {f"{a} {b}" for a, b in pairwise(words)}
    return frozenset(words) | pairs


@cache
def _phrases(kind: str) -> tuple[str, ...]:
    loaded = json.loads((files("ctxdebug.analysis.sources") / "slots.json").read_text("utf-8"))
    return tuple(str(loaded[kind]).split("|"))


def empty_slots(segments: Iterable[Segment]) -> tuple[Slot, ...]:
    """Places for retrieved text that hold nothing, or only the report that nothing was found."""
    return tuple(slot for segment in _authored(segments) for slot in _empty(segment))


def unfilled(segments: Iterable[Segment]) -> tuple[Slot, ...]:
    """Placeholders that stand where content was due."""
    return tuple(slot for segment in _authored(segments) for slot in _unfilled(segment))


def _authored(segments: Iterable[Segment]) -> Iterator[Segment]:
    """What the application wrote: the texts of system and user messages, and what stands in them as a document."""
    kinds = {Kind.TEXT, Kind.DOCUMENT}
    return (one for one in segments if one.role in _TOLD and one.kind in kinds and not one.quoted)


def _empty(segment: Segment) -> Iterator[Slot]:
    text = segment.text[:_LONGEST] if segment.kind is Kind.TEXT else ""
    if "</" in text:
        for match in _ELEMENT.finditer(text):
            if _plain(match["name"]) in _names("result") and is_empty(match["inner"]):
                yield Slot(segment, *match.span(), match["name"])
    for match in _LABEL.finditer(text):
        if _plain(match["name"]) not in _names("result"):
            continue
        after = text[match.end() :]
        if match["inner"].strip():
            if is_empty(match["inner"]) and not _goes_on(after):
                yield Slot(segment, *match.span(), match["name"].strip(), match["inner"].strip())
        elif not _goes_on(after) or _label_first(after):
            yield Slot(segment, *match.span(), match["name"].strip())


def _goes_on(after: str) -> bool:
    """Whether text follows in the same paragraph, or after one blank line."""
    return bool(after.strip())


def _label_first(after: str) -> bool:
    """Whether the next thing is another label (`Question: …`), with a blank line before it."""
    found = _LABEL.match(after.lstrip("\n"))
    blank = len(after) - len(after.lstrip("\n"))
    return (
        bool(found) and blank > 1 and _plain(found["name"]) in (_names("other") | {"answer", "helpful answer"})
        if found
        else False
    )


def is_placeholder(text: str) -> bool:
    """Whether a text is a placeholder and nothing else."""
    return len(text) < _BEFORE and _PLACEHOLDER.fullmatch(text.strip()) is not None


def _unfilled(segment: Segment) -> Iterator[Slot]:
    text = segment.text[:_LONGEST]
    if segment.kind is Kind.DOCUMENT:
        if is_placeholder(text):
            start = len(text) - len(text.lstrip())
            yield Slot(segment, start, len(text.rstrip()), "", text.strip())
        return
    if not any(mark in text for mark in ("{", "%", "INSERT", "[object", "undefined", "NaN", "None", "null", "nil")):
        return
    code = [match.span() for match in _CODE.finditer(text)]
    for match in _PLACEHOLDER.finditer(text):
        start, end = match.span()
        if any(begin <= start < stop for begin, stop in code) or _shows_a_form(text, start):
            continue
        name = _place(text, start, end)
        if name is None:
            continue
        inner = re.sub(r"\W+", " ", match.group()).strip().lower().replace(" ", "_")
        known = inner in _names("result") | _names("other") or _plain(name) in _names("result") | _names("other")
        if known or match.group().startswith(("{{#", "[object", "<INSERT", "[INSERT")):
            yield Slot(segment, start, end, name or inner, match.group())
    for match in _LABEL.finditer(text):
        inner = match["inner"].strip()
        if inner in _phrases("literals") and _plain(match["name"]) in _names("result") | _names("other"):
            if inner in {"None", "null", "nil"} and _plain(match["name"]) not in _names("result") | {
                "question",
                "query",
                "input",
            }:
                continue
            start = match.start("inner") + match["inner"].index(inner)
            yield Slot(segment, start, start + len(inner), match["name"].strip(), inner)


def _place(text: str, start: int, end: int) -> str | None:
    """The label or element that a placeholder is the whole content of; empty if it is the whole text; None otherwise."""
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


def _shows_a_form(text: str, start: int) -> bool:
    """Whether the words before say that a form is shown (`use the format {name}: {value}`), which is no content that is missing."""
    before = text[max(0, start - _BEFORE) : start].lower()
    return any(phrase in before for phrase in _phrases("shows_a_form"))


def _plain(name: str) -> str:
    low = name.lower().strip()
    return low if low in _names("result") | _names("other") else low.replace(" ", "_")
