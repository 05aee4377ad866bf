"""Find the words that narrow an instruction and that its reader did not understand.

`Use bullet points in the second section` is not `use bullet points`. A reader that took the one for the other would call an
answer right that it never examined, so an instruction with a qualifier nobody read is listed as not checkable instead.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints import grammar
from ctxdebug.analysis.constraints.numbers import NUMBER, number
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.toml_data import toml_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ctxdebug.analysis.constraints.clauses import Quantity, Sentence
    from ctxdebug.analysis.constraints.constraint import Draft

_ORDINAL = r"""
    (?: first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth | \d+-?(?:st|nd|rd|th) | n-?th
      | last|final|middle|penultimate|next|previous|preceding|opening|closing|initial|remaining
      | every\s+other | alternat(?:e|ing) | (?:even|odd)(?:-numbered)? )
"""
_SMALL = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
_WORD = r"[\w'’-]+\s+"
_PLACED = frozenset(
    {"position.first_word", "position.start", "position.end", "position.postscript", "format.sections"}
)  # fmt: skip
"""Kinds whose reader takes the ordinal itself: `the second paragraph begins with …`."""


@record(frozen=True, slots=True)
class _Vocabulary:
    """The compiled word lists; `reads` names, for each kind of instruction, the words that its reader understands.

    `narrows`, `spreads` and `names` are the first words of what the patterns of these lists find: where a text has none of
    them, no pattern is tried.
    """

    narrowing: re.Pattern[str]
    ordinal: re.Pattern[str]
    counted: re.Pattern[str]
    spread: re.Pattern[str]
    given: re.Pattern[str]
    reads: Mapping[str, frozenset[str]]
    narrows: frozenset[str]
    spreads: frozenset[str]
    names: frozenset[str]


def _words_of(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", text.lower()))


def _first_words(words: Iterable[str]) -> frozenset[str]:
    return frozenset(found[0] for word in words if (found := re.findall(r"[a-z]+", word.lower())))


def _alternatives(words: Iterable[str]) -> str:
    """One alternation of words, the longest first; a hyphen in a row stands for a space or a hyphen."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\-", r"[\s-]+") for word in ordered)


def _compiled(pattern: str) -> re.Pattern[str]:
    return lazy(rf"(?<![\w-])(?:{pattern})", re.IGNORECASE | re.VERBOSE)


@cache
def _vocabulary() -> _Vocabulary:
    data = toml_data(Path(__file__).with_name("qualifiers.toml"))
    always, beside = data["parts"]["always"].split(), data["parts"]["beside"].split()
    lists = [
        *always,
        *(word for key in ("relations", "sameness", "exceptions", "places") for word in data["narrowing"][key].split()),
    ]
    named = [*always, *beside, *(f"{word}s" for word in beside)]
    parts = _alternatives(named)
    whole, spread = (_alternatives(data["narrowing"][key].split()) for key in ("whole", "distribution"))
    verbs, pointing = (_alternatives(data["input"][key].split()) for key in ("verbs", "pointing"))
    return _Vocabulary(
        narrowing=_compiled(rf"(?:{_alternatives(lists)})(?![\w-]) | \d+\s?%(?=\s*(?:of|stop|overlap|\())"),
        ordinal=_compiled(
            rf"{_ORDINAL} (?:[\s-]+(?!(?:the|an?|your|this|that|each|all)\b)[a-z]+){{0,2}}? [\s-]+ (?:{parts})(?![\w-])"
            rf" | (?:{parts})\s+ (?:number\s+|no\.?\s+|\#\s?)? {_SMALL} (?![\w-])"
        ),
        counted=_compiled(
            rf"(?<![.,$€£\#])(?P<n>{NUMBER.replace(' ', chr(92) + 's')}) (?:\s+(?P<more>more|fewer|less|additional|other))?"
            rf" (?:[\s-]+[a-z]+){{0,2}}? [\s-]+ (?P<part>{parts})(?![\w-])"
        ),
        spread=_compiled(rf"(?:{spread})\s+ (?!(?:of\s+)?(?:the\s+|your\s+|single\s+)*(?:{whole})s?\b) [a-z]+ | (?:{spread}) (?=\s*(?:[.,;:!?)]|$))"),
        given=_compiled(
            rf"(?:{verbs})\s+ (?:{_WORD}){{0,4}}? (?:sentence|paragraph|word|letter|line|text)s?\b"
            rf" | (?:{pointing})\s+ (?:{_WORD})? (?:{parts})\b | (?:sentence|paragraph|line)s?\s+ (?:{pointing})\b"
            rf" | (?:an?|one|this)\s+ (?:(?!(?:per|each|every|in|for)\b){_WORD}){{0,2}}? paragraph\b (?!\s+(?:of|with|in|that))"
            rf" | (?:each\s+)? (?:separat|divid|delimit)\w*\s+ (?:{_WORD}){{0,4}}? (?:by|with|using)\b [^.;!?\n]{{0,60}}"
        ),
        reads={kind: frozenset(words.split()) for kind, words in data["reads"].items()},
        narrows=_first_words(lists),
        spreads=_first_words(data["narrowing"]["distribution"].split()),
        names=_first_words(named),
    )  # fmt: skip


_OF_EACH = "of each"
"""Among the words that are known: the `each` behind a count (`10 words each`) was read with it."""


def unread(sentence: Sentence, drafts: Sequence[Draft]) -> str | None:
    """Return the first qualifier of a sentence that none of its readers understood, in the text's words; None when all were read."""
    words = _vocabulary()
    known = frozenset(word for draft in drafts for word in words.reads.get(draft.type, ()))
    if any("each" in draft.params for draft in drafts):
        known |= {_OF_EACH}
    placed = any(draft.type in _PLACED for draft in drafts)
    text, numbers = _left_over(words, sentence, drafts), frozenset(_numbers(drafts))
    found = _qualifiers(words, text, known, numbers, placed=placed, within=_within(sentence, drafts))
    first = min(found, default=None)
    return None if first is None else sentence.raw[first[0] : first[1]].strip()


_OCCURS = frozenset({"keywords.include", "keywords.forbid", "keywords.freq", "count.char", "emoji", "punctuation.none"})
_INSIDE = lazy(r"(?:in|within|across|over|throughout)\s+$", re.IGNORECASE)


def _within(sentence: Sentence, drafts: Sequence[Draft]) -> tuple[int, int] | None:
    """Return a count that says where something occurs: `the word tide in at least two paragraphs`."""
    if not any(draft.type in _OCCURS for draft in drafts):
        return None
    found = (
        (q.start, q.end)
        for q in sentence.quantities
        if q.unit in {"paragraphs", "sentences", "lines", "sections"} and _INSIDE.search(sentence.text[: q.start])
    )
    return next(found, None)


def speaks_of_form(sentence: Sentence) -> bool:
    """Whether a sentence names a part of a text or a relation between parts, and so is about how to answer."""
    words = _vocabulary()
    text = _left_over(words, sentence, ())
    return any(pattern.search(text) for pattern in (words.narrowing, words.ordinal, words.counted))


def _qualifiers(
    words: _Vocabulary,
    text: str,
    known: frozenset[str],
    numbers: frozenset[int],
    *,
    placed: bool,
    within: tuple[int, int] | None,
) -> Iterator[tuple[int, int]]:
    held = _words_of(text)
    for match in words.narrowing.finditer(text) if held & words.narrows or "%" in text else ():
        if re.sub(r"[\s-]+", "-", match[0].lower()) not in known:
            yield match.span()
    named = bool(held & words.names)
    for match in () if placed or not named else words.ordinal.finditer(text):
        yield match.span()
    for match in () if "each" in known or not held & words.spreads else words.spread.finditer(text):
        if _OF_EACH not in known or " " in match[0].strip():
            yield match.span()
    if within is not None:
        yield within
    for match in words.counted.finditer(text) if named else ():
        if "asterisk" in match["part"].lower() and match["part"].lower() in known:
            continue
        if match["more"] or (match["n"].lower() not in {"one", "a", "single"} and number(match["n"]) not in numbers):
            yield match.span()


def _numbers(drafts: Sequence[Draft]) -> Iterator[int]:
    """Yield the numbers that became bounds; `more than 3` is a bound of 4."""
    for draft in drafts:
        for value in draft.params.values():
            if isinstance(value, int):
                yield from (value - 1, value, value + 1)


def _left_over(words: _Vocabulary, sentence: Sentence, drafts: Sequence[Draft]) -> str:
    """Return the sentence with the counts that became instructions, and the names of the given text, blanked."""
    text = words.given.sub(lambda match: " " * len(match[0]), sentence.text)
    text = grammar.EMPHATIC.sub(lambda match: " " * len(match[0]), text)
    if drafts and all(draft.type.startswith(_UNCOUNTED) for draft in drafts):
        text = _INCLUDING.sub(lambda match: " " * len(match[0]), text)
    if any(draft.type == "format.sections" for draft in drafts):
        text = _NUMBERED_SECTIONS.sub(lambda match: " " * len(match[0]), text)
    for draft in drafts:
        if draft.read_whole or draft.type in _BLANKED:
            low, high = draft.start - sentence.offset, draft.end - sentence.offset
            text = text[:low] + " " * (high - low) + text[high:]
    for quantity in sentence.quantities:
        if _EXTRA.search(text[quantity.start : quantity.end]):
            continue  # `two more sentences` are no two sentences
        if any(_is_of(draft, sentence, quantity) for draft in drafts):
            text = text[: quantity.start] + _blanked(text[quantity.start : quantity.end]) + text[quantity.end :]
    return text


_UNCOUNTED = ("case.", "punctuation.none", "keywords.forbid", "language")
_INCLUDING = re.compile(r",?\s(?:including|even|also)\s(?:in\s)?[^.;:!?\n]{1,80}(?=[.;:!?]|$)", re.IGNORECASE)
"""What is named as belonging to all of it narrows nothing that is not counted: `in lower case, including names`."""


_EXTRA = re.compile(
    r"(?<!\bor)(?<!\bno)(?<!\bnot)(?<!\bnever)\s(?:more|further|additional|extra|other|fewer|less)\s+(?!than\b)[\w-]+",
    re.IGNORECASE,
)


def _is_of(draft: Draft, sentence: Sentence, quantity: Quantity) -> bool:
    low, high = draft.start - sentence.offset, draft.end - sentence.offset
    same = (draft.params.get("lo"), draft.params.get("hi")) == (quantity.bounds.lo, quantity.bounds.hi)
    return same and low <= quantity.start and quantity.end <= high


_NUMBERED_SECTIONS = lazy(
    r"\b(?P<name>[A-Za-z]{3,20}) 1,? (?:to|through|[-–]|and|(?P=name) 2,? (?:and|to|\.\.\.)) (?:(?P=name) )?\d{1,2}\b"
)
"""`SECTION 1 to SECTION 4`: how the sections are marked."""
_BLANKED = frozenset({"punctuation.none"})
"""Kinds whose span has no gap that a qualifier could stand in."""
_SAMENESS = lazy(
    r"(?<![\w-])(?:different|distinct|unique|same|identical|consecutive|single-word|rhyming|alternating|more(?!\s+than\b)|fewer(?!\s+than\b))(?![\w-])",
    re.IGNORECASE,
)


def _blanked(text: str) -> str:
    """Spaces for a count, save for the words inside it that narrow it (`three different words`)."""
    kept = [" "] * len(text)
    for match in _SAMENESS.finditer(text):
        if not re.search(r"\bor\s+$|\bno\s+$|\bnot\s+$", text[: match.start()], re.IGNORECASE):
            kept[match.start() : match.end()] = text[match.start() : match.end()]
    return "".join(kept)
