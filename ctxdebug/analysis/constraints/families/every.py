"""Properties of every word or sentence, and words at a place: lengths that are prime, chains, the n-th word."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.clauses import INSIDE, QUOTED
from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.numbers import NUMBER, RELATION, bounds, relation, spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.analysis.constraints.clauses import Sentence

_WORDS = (
    ("prime length", spaced(r"\bonly (?:use )?words (?:with|of|whose) (?:lengths?|letter counts?) (?:that )?(?:are|is) (?:a )?prime(?: numbers?)?\b")),
    ("other first letter", spaced(r"\b(?:no|never) two consecutive words (?:\w+ ){0,3}(?:share|have|start with|begin with) (?:the )?same (?:first|initial|starting)? ?letter\b")),
    ("next letter", spaced(r"\b(?:each|every) word (?:in your response |of your response )?(?:must|should|has to) (?:start|begin) with the next letter of the alphabet\b")),
)  # fmt: skip
_SENTENCES = (
    ("last word first", spaced(r"\blast word of (?:each|every) sentence (?:must|should|has to) (?:become|be) the first word of the next(?: sentence)?\b")),
    ("emoji at the end", spaced(r"\bemojis? at the end of (?:each|every) sentence\b")),
)  # fmt: skip
_PARAGRAPHS = (("first word last", spaced(r"\b(?:each|every) paragraph (?:of|in) your (?:response|answer) (?:must|should|has to) end with the same word (?:that )?it started with\b")),)  # fmt: skip
_LINES = (("one word a line", spaced(r"\bwrite each word on a new line\b")),)
_KINDS = (
    ("words.every", _WORDS),
    ("sentences.every", _SENTENCES),
    ("paragraphs.every", _PARAGRAPHS),
    ("lines.every", _LINES),
)
_NTH = wording("constraint_every", "nth", quoted=QUOTED)
_COUNTED = wording("constraint_every", "counted", number=NUMBER, relation=RELATION)
_LONG = spaced(r"\beach (?:of )?at least (?P<n>\d+) characters\b")
_SMALL = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def _ordinal(word: str) -> int:
    return _SMALL.index(word.lower()) + 1 if word.lower() in _SMALL else int("".join(c for c in word if c.isdigit()))


def _every(sentence: Sentence) -> Iterator[Draft]:
    for kind, rows in _KINDS:
        for name, pattern in rows:
            match = pattern.search(sentence.text)
            if match and _alone(sentence, match.end()):
                yield Draft(kind, sentence.offset + match.start(), sentence.offset + match.end(), {"each_is": name})


def _alone(sentence: Sentence, end: int) -> bool:
    """Whether nothing but known words stands behind a property, so that no qualifier of it is lost."""
    return _TAIL.match(sentence.text[end:]) is not None


_TAIL = spaced(
    r"^(?: (?:in|throughout|of) (?:your|the) (?:response|answer|reply)|, looping back to \S+ after \S+|, separate paragraphs with (?:a )?new ?lines?)?\W*$"
)


def _placed(sentence: Sentence) -> Iterator[Draft]:
    match = _NTH.search(sentence.text)
    if match:
        low, high = match.span("word")
        word = sentence.quoted(low, high) if INSIDE in match["word"] else sentence.raw[low:high]
        params = {"word": word, "sentence": _ordinal(match["sentence"]), "nth": _ordinal(match["nth"])}
        yield Draft("words.at", sentence.offset + match.start(), sentence.offset + match.end(), params)


def _counted(sentence: Sentence) -> Iterator[Draft]:
    match = _COUNTED.search(sentence.text)
    found = bounds(match, relation(match), negated=False) if match else None
    if match is None or found is None:
        return
    what = match["what"].lower().split()[-1 if "palindrome" in match["what"].lower() else 0]
    kind = {"palindromes": "count.palindromes", "numbers": "count.numbers"}.get(what, "count.unique")
    params: dict[str, object] = {"lo": found.lo, "hi": found.hi}
    long = _LONG.search(sentence.text, match.end())
    if long:
        params["letters"] = int(long["n"])
    yield Draft(kind, sentence.offset + match.start(), sentence.offset + (long or match).end(), params)


PATTERNS = (
    Pattern(
        "words.every",
        cues("word words sentence emoji paragraph line"),
        _every,
        "Use only words with lengths that are prime numbers.",
    ),
    Pattern(
        "words.at",
        cues("keyword word"),
        _placed,
        "Include keyword tide in the 2nd sentence, as the 3rd word of that sentence.",
    ),
    Pattern(
        "count.unique", cues("unique different distinct numbers palindromes"), _counted, "Use at least 40 unique words."
    ),
)
