"""Find the parts that a sentence is about, and put the whole answer in their place, so that the rest is read as it always is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.kinds.kind import ordinal
from ctxdebug.analysis.constraints.numbers import number
from ctxdebug.analysis.constraints.selection.part import Part
from ctxdebug.analysis.constraints.subjects import is_product
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import base_name, wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.analysis.constraints.clauses import Sentence

_PART = wording("constraint_parts", "part")
_OUTSIDE = wording("constraint_parts", "outside")
_BEFORE = lazy(r"\b(?P<prep>in|within|inside|for|on|throughout|of|from|into|to|at|with)\s{1,20}$", re.IGNORECASE)
_IN = frozenset({"within", "inside", "for", "on", "throughout", "into", "from", "at"})
_JOINED = lazy(r"\s{1,20}(?:of|in|within)\s{1,20}", re.IGNORECASE)
_UNITS = {
    "bulleted item": "bullet", "bullet item": "bullet", "bullet point": "bullet", "bulletpoint": "bullet", "bullets": "bullet",
    "bullet points": "bullet", "bullet items": "bullet", "list item": "item", "list items": "item", "entry": "item", "step": "item",
    "headline": "heading", "headlines": "heading", "subheading": "heading", "subheadings": "heading", "headings": "heading", "titles": "heading",
    "stanza": "paragraph", "list": "item", "lists": "item", "quotes": "quotation", "direct quotes": "quotation", "tables": "table",
    "quotations": "quotation", "inline code": "code",
}  # fmt: skip
_STEPS = {"third": 3, "fourth": 4, "fifth": 5, "sixth": 6}
_LAST = {"final": -1, "closing": -1, "last": -1, "penultimate": -2, "second-to-last": -2, "opening": 1}


@record(frozen=True, slots=True)
class Selected:
    """A sentence read as if it were about the whole answer, with the parts that it is about, the outermost first.

    `at` is where the name of the answer stands in the rewritten sentence.
    """

    sentence: Sentence
    parts: tuple[Part, ...]
    at: int


_NAMING = frozenset(
    """sentence sentences paragraph paragraphs line lines bullet bullets item items entry entries step steps section sections heading headings
    headline headlines subheading subheadings title titles stanza stanzas""".split()
)
_APART = frozenset("except excluding apart aside other besides outside counting including exception".split())


def names_parts(sentence: Sentence) -> bool:
    """Whether a sentence has a word for a part of a text, or for what is left out; asked before anything that costs more."""
    return bool(sentence.words & _NAMING) or bool(sentence.words & _APART)


_PRODUCT = wording("constraint_parts", "product")
_ANSWERED = wording("constraint_parts", "answered")


def of_each_answer(sentence: Sentence) -> Sentence | None:
    """Return a sentence with the answer in place of what the text has written time and again: `each bulletin`, `every question`."""
    found = _ANSWERED.search(sentence.text)
    if found is not None:
        return spliced(sentence, *found.span(), found["verb"].split()[0])
    product = _PRODUCT.search(sentence.text)
    if product is None or not is_product(sentence, product["noun"]):
        return None
    return spliced(sentence, *product.span(), "your answer")


def selected(sentence: Sentence) -> Selected | None:
    """Return a sentence with its one name of parts replaced by the answer; None where it names none, or several."""
    outside = _OUTSIDE.search(sentence.text)
    if outside is not None:
        part = _named_outside(outside["what"])
        return None if part is None else _rewritten(sentence, *outside.span(), "", (part,))
    found = list(_PART.finditer(sentence.text))
    if not found or (len(found) > 1 and not _nested(sentence.text, found)):
        return None
    if _OTHERWISE.search(sentence.text, 0, found[0].start()):
        return None
    parts = tuple(filter(None, (_part(match) for match in reversed(found))))
    if len(parts) != len(found):
        return None
    return _rewritten(sentence, *_put(sentence.text, found), parts)


_OTHERWISE = lazy(
    r"\b(?:and|or|nor|between|than|before|after|until|through|to|like|as|not|above|below|beneath|under|over|but|beside|beyond|following|preceding|from|by|only|just|alone"
    r"|(?:only|just|solely|except|save|mainly|mostly|especially|not|and|or|but|between|than|as) (?:in|within|for|inside|of|on|at))\s{1,20}$",
    re.IGNORECASE,
)
"""Words before the name of a part by which something else is said of it than that the demand is for it: `only in the title`."""


def _nested(text: str, found: list[re.Match[str]]) -> bool:
    """Whether the names of parts are one inside the other: `the second sentence of the third paragraph`."""
    first, second = found[0], found[1]
    return len(found) == 2 and _JOINED.fullmatch(text[first.end() : second.start()]) is not None


def _put(text: str, found: list[re.Match[str]]) -> tuple[int, int, str]:
    """Return the characters that name the parts, and the words that stand for the answer instead."""
    start, end = found[0].start(), found[-1].end()
    groups = _held(found[0])
    if "none" in groups:
        follows = re.match(r" (?:may|must|can|should|shall|will|is|are)\b", text[end:], re.IGNORECASE)
        return start, end, "your answer must not" if "modal" in groups and not follows else "your answer never"
    if "per" in groups:
        return start, end, "in your answer"
    before = _BEFORE.search(text, 0, start)
    if before is not None and before["prep"].lower() in _IN and not _keeps(text, before):
        return before.start(), end, "in your answer"
    return start, end, "your answer"


_EDGE = lazy(
    r"\b(?:end|beginning|start|top|bottom|word|letter|at|with|limit\w{0,3}|add\w{0,3}|append\w{0,3})\s{1,20}(?:of|to)\s{1,20}$",
    re.IGNORECASE,
)


def _keeps(text: str, before: re.Match[str]) -> bool:
    return _EDGE.search(text, 0, before.end()) is not None


def _held(match: re.Match[str]) -> Mapping[str, str]:
    return {base_name(name): held for name, held in match.groupdict().items() if held}


def _unit(name: str) -> str:
    plain = " ".join(name.lower().replace("-", " ").split())
    if plain in _UNITS:
        return _UNITS[plain]
    return _UNITS.get(plain.removesuffix("s"), plain.removesuffix("s"))


def _part(match: re.Match[str]) -> Part | None:
    groups = _held(match)
    for name in ("none", "all", "many"):
        if name in groups:
            return Part(_unit(groups[name]))
    if "solo" in groups:
        return Part("title", 1, 0)
    if "other" in groups:
        return Part(_unit(groups["other"]), 2, 2) if "even" in groups else Part(_unit(groups["other"]), 0, 2)
    if "odd" in groups:
        return Part(_unit(groups["odd"]), 1, 2)
    if "step" in groups:
        step = _STEPS[groups["step"].lower()]
        return Part(_unit(groups["nth_unit"]), step, step)
    if "some" in groups:
        first = -1 if groups["edge"].lower() in {"last", "final", "closing"} else 1
        return Part(_unit(groups["some"]), first, 1, number(groups["count"]))
    if "numbered" in groups:
        return Part(_unit(groups["numbered"]), number(groups["number"]), 0)
    return Part(_unit(groups["one"]), _nth(groups["nth"]), 0)


def _nth(words: str) -> int:
    low = " ".join(words.lower().split())
    return _LAST.get(low) or ordinal(low)


def _named_outside(what: str) -> Part | None:
    words = what.lower().split()
    if words[-1] in {"sentence", "paragraph", "line"}:
        return Part(words[-1], _nth(" ".join(words[:-1])), 0, outside=True)
    if words[0] == "code":
        return Part("code", outside=True)
    if words[-1] in {"title", "headline"} and len(words) == 1:
        return Part("title", outside=True)
    return Part(_unit(" ".join(words)), outside=True)


def spliced(sentence: Sentence, start: int, end: int, put: str) -> Sentence:
    """Return a sentence with other words in place of some of its own, masked and as written."""
    text, raw = (held[:start] + put + held[end:] for held in (sentence.text, sentence.raw))
    whole = sentence.whole[: sentence.offset] + raw + sentence.whole[sentence.end :]
    same = {name: getattr(sentence, name) for name in ("index", "offset", "header", "item", "section", "listed")}
    return type(sentence)(text=text, raw=raw, whole=whole, **same)


def _rewritten(sentence: Sentence, start: int, end: int, put: str, parts: tuple[Part, ...]) -> Selected:
    return Selected(spliced(sentence, start, end, put), parts, start)
