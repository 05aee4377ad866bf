"""How a prompt and the model's chat template came together: not at all, twice, or with its first token twice.

A raw completion reaches the model as it is; a chat message is put into the template by the server. The marks of the
templates are rows of `chat_templates.json`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.model import Kind, Role, Segment
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

_RAW = frozenset({"openai.completions", "llama_cpp.completion"})
_AUTHORED = frozenset({Role.SYSTEM, Role.DEVELOPER, Role.USER})
_EDGE = 60
"""Characters at the end of a rendered prompt within which it says whose turn is next."""
_LEAST = 40
"""Characters. A shorter raw prompt is a test of the endpoint."""


@record(frozen=True, slots=True)
class Misapplied:
    """A fault, at characters `start` to `end` of a segment. `kind`: `no template`, `template twice`, `two bos` or `own bos`."""

    kind: str
    words: str
    segment: Segment
    start: int
    end: int


@cache
def _data() -> Any:
    return json.loads(Path(__file__).with_name("chat_templates.json").read_bytes())


def misapplied(analysis: Analysis) -> Misapplied | None:
    """Return the first fault of this kind; None where the prompt and its template fit, or nothing tells."""
    snapshot = analysis.snapshot
    texts = [one for one in analysis.segments if one.kind is Kind.TEXT and one.role in _AUTHORED and one.text.strip()]
    raw = snapshot.format in _RAW or (snapshot.format == "ollama.generate" and snapshot.parameters.get("raw") is True)
    if not texts or not snapshot.has_request:
        return None
    if raw and analysis.host != "ollama":
        return _first_token(analysis, texts[0]) or _untemplated(analysis, texts)
    if raw:
        return _twice(texts[0])
    return next((found for one in texts if (found := _rendered(one)) is not None), None)


def _twice(segment: Segment) -> Misapplied | None:
    """Return the token that begins a text, written twice at the head."""
    for row in _data()["rows"]:
        bos = row.get("bos")
        if bos and segment.text.lstrip().startswith((bos + bos, f"{bos} {bos}", f"{bos}\n{bos}")):
            start = segment.text.index(bos)
            words = f"{bos} ({row['family']}) is at the head of the prompt twice"
            return Misapplied("two bos", words, segment, start, start + 2 * len(bos))
    return None


def _first_token(analysis: Analysis, segment: Segment) -> Misapplied | None:
    """Two of the tokens that begin a text: both written, or one written where the server adds its own."""
    if (found := _twice(segment)) is not None:
        return found
    adds = next((row for row in _data()["adds_bos"] if row["host"] == analysis.host), None)
    if adds is None or analysis.snapshot.parameters.get(adds.get("unless")) is False:
        return None
    text = segment.text.lstrip()
    for row in _data()["rows"]:
        bos = row.get("bos")
        if bos and text.startswith(bos) and (len(bos) > _SHORT or text.startswith(tuple(row["begins"]))):
            words = f"the prompt begins with {bos} ({row['family']}), and {analysis.host} puts one in front by itself"
            start = segment.text.index(bos)
            return Misapplied("own bos", words, segment, start, start + len(bos))
    return None


_SHORT = 3
"""Characters of a token that is a tag of HTML, too (`<s>`): it counts with what follows it only."""


def _untemplated(analysis: Analysis, texts: list[Segment]) -> Misapplied | None:
    """Return a raw completion, without any template, of a model whose name says that it was trained on one."""
    snapshot = analysis.snapshot
    name = snapshot.model or snapshot.answered_by or ""
    if analysis.host == "openai" or len(texts) != 1 or len(texts[0].text) < _LEAST:
        return None
    if not re.search(_data()["chat_model"], name[:200]) or "suffix" in snapshot.parameters:
        return None
    marks = [mark for row in _data()["rows"] for mark in (*row["begins"], *row["answers"])]
    if any(mark in texts[0].text for mark in (*marks, *_data()["by_hand"])):
        return None
    words = f"{name} was trained on a chat template, and the prompt of this raw completion has none"
    return Misapplied("no template", words, texts[0], 0, min(_EDGE, len(texts[0].text)))


def _rendered(segment: Segment) -> Misapplied | None:
    """Return a chat message that is a whole rendered prompt: it begins as one and ends where the model would go on."""
    text = segment.text.strip()
    for row in _data()["rows"]:
        begins = next((mark for mark in row["begins"] if text.startswith(mark)), None)
        if begins is not None and any(mark in text[-_EDGE:] for mark in row["answers"]):
            start = segment.text.index(begins)
            words = f"a {segment.role.value} message is a rendered prompt ({begins} …, {row['family']}), and the server renders it again"
            return Misapplied("template twice", words, segment, start, start + len(begins))
    return None
