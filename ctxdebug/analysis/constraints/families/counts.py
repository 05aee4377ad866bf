"""How often a word, a letter or a mark occurs."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.clauses import Sentence
from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.masking import QUOTED
from ctxdebug.analysis.constraints.numbers import (
    NUMBER,
    RELATION,
    Bounds,
    bound,
    bounds,
    negated_bound,
    relation,
    spaced,
)
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator


_TIMES = wording("constraint_counts", "times", number=NUMBER, relation=RELATION)
_WORD = wording("constraint_counts", "word", quoted=QUOTED)
_LETTER = spaced(
    rf"\b(?:letters?|characters?|vowels?|consonants?|symbols?|digits?|alphabets?) (?:of |: )?(?P<w>{QUOTED}|(?-i:[a-zA-Z#!?&])\b|[#!?&$%*])"
)
_QUOTE = lazy(QUOTED)
_VERB_WORD = wording("constraint_counts", "verb word")


def _frequency(sentence: Sentence) -> Iterator[Draft]:
    last = 0
    subject: tuple[str, str] | None = None
    for match in _TIMES.finditer(sentence.text):
        if not match["n"] and not match["once"]:
            continue
        subject = _subject(sentence, last, match) or subject
        if subject is None:
            continue
        if subject[1] == "*":
            continue
        limits = _frequency_bounds(sentence, match)
        last = match.end()
        if limits is None:
            continue
        kind, word = subject
        params: dict[str, object] = {"lo": limits.lo, "hi": limits.hi}
        params["char" if kind == "count.char" else "word"] = word
        yield Draft(kind, sentence.offset + match.start(), sentence.offset + match.end(), params)


def _subject(sentence: Sentence, last: int, match: re.Match[str]) -> tuple[str, str] | None:
    """Return what is counted: the nearest word, letter or quotation before the number, or else after it."""
    found = list(_counted_things(sentence, last, match.start()))
    if not found:
        return next(
            ((kind, text) for _, kind, text in sorted(_counted_things(sentence, match.end(), match.end() + 60))), None
        )
    _, kind, text = max(found)
    if len(text) == 1 and not text.isalpha():
        kind = "count.char"
    return kind, text.rstrip(".,") if len(text) > 1 else text


def _counted_things(sentence: Sentence, start: int, end: int) -> Iterator[tuple[int, str, str]]:
    taken: set[int] = set()
    for kind, pattern in (("count.char", _LETTER), ("keywords.freq", _WORD), ("keywords.freq", _VERB_WORD)):
        for word in pattern.finditer(sentence.text, start, end):
            taken.add(word.start("w"))
            yield word.start("w"), kind, sentence.quoted(word.start("w"), word.end("w")).strip("[]")
    for word in _QUOTE.finditer(sentence.text, start, end):
        named = _COUNTED_VERB.search(sentence.text[max(0, word.start() - 80) : end + 40])
        if word.start() not in taken and named and not _SUCH_AS.search(sentence.text[: word.start()]):
            yield word.start(), "keywords.freq", sentence.quoted(word.start(), word.end())


_COUNTED_VERB = wording("constraint_counts", "counted verb")
_SUCH_AS = lazy(r"(?:such as|like|e\.g\.,?|for example,?)\s*$")


def _frequency_bounds(sentence: Sentence, match: re.Match[str]) -> Bounds | None:
    rel = relation(match)
    negated = sentence.negated(match.start()) and not re.match(r"(?:not|never|no)\b", match[0], re.IGNORECASE)
    if match["once"]:
        n = {"once": 1, "twice": 2, "thrice": 3}[match["once"].lower()]
        if negated:
            return negated_bound(rel, n) if rel in {"gt", "ge"} else None
        return bound(rel, n) or Bounds(n, None if sentence.words & {"least"} else n)
    found = bounds(match, rel, negated=negated)
    return Bounds(found.lo, found.hi) if found else None


_CHARS = {"exclamation": "!", "question": "?", "commas": ","}
_LETTER_COUNT = wording("constraint_counts", "letter count", number=NUMBER, quoted=QUOTED, relation=RELATION)
_NO_LETTER = spaced(rf"\b(?:letters?|characters?|symbols?) (?P<w>{QUOTED}|(?-i:[a-zA-Z#!?&])\b|[#!?&])")


def _letters(sentence: Sentence) -> Iterator[Draft]:
    for quantity in sentence.quantities:
        if "separate" in sentence.words:
            break
        if quantity.bare and not sentence.words & {
            "use",
            "include",
            "contain",
            "with",
            "have",
            "put",
            "add",
            "exactly",
            "only",
        }:
            continue
        if quantity.unit in _CHARS and not (quantity.unit == "commas" and quantity.bounds.hi == 0):
            yield Draft(
                "count.char",
                sentence.offset + quantity.start,
                sentence.offset + quantity.end,
                {"char": _CHARS[quantity.unit], "lo": quantity.bounds.lo, "hi": quantity.bounds.hi},
            )
    seen = False
    for match in _LETTER_COUNT.finditer(sentence.text):
        found = bounds(
            match,
            relation(match),
            negated=sentence.negated(match.start()) and not re.match(r"no|not|never", match[0], re.IGNORECASE),
        )
        group = "w" if match["w"] else "w2"
        char = sentence.quoted(match.start(group), match.end(group))[:1]
        if (
            found
            and char
            and char != "*"
            and len(sentence.quoted(match.start(group), match.end(group)).removesuffix("s").rstrip("'’")) == 1
        ):
            seen = True
            yield Draft(
                "count.char",
                sentence.offset + match.start(),
                sentence.offset + match.end(),
                {"char": char, "lo": found.lo, "hi": found.hi},
            )
    if seen or (sentence.words & _COUNTING and _counts(sentence.text)):
        return
    for match in _NO_LETTER.finditer(sentence.text):
        char = sentence.quoted(match.start("w"), match.end("w"))
        low, _ = sentence.clause(match.start())
        if re.search(r"\bwho\b", sentence.text[low : match.start()]):
            continue
        if len(char) == 1 and sentence.negated(match.start(), match.end()):
            yield Draft(
                "count.char",
                sentence.offset + match.start(),
                sentence.offset + match.end(),
                {"char": char, "lo": None, "hi": 0},
                negative=True,
            )


_COUNTING = cues("times time once twice thrice occurrences occurrence instances instance mentions")


def counted_near(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a frequency stands in the same clause, so that a mention is not also `include`."""
    if not sentence.words & _COUNTING:
        return False
    low, high = sentence.clause(start)
    return any(low <= at < max(high, end) + 40 for at in _counts(sentence.text))


@functools.lru_cache(maxsize=32)
def _counts(text: str) -> tuple[int, ...]:
    return tuple(match.start() for match in _TIMES.finditer(text) if match["n"] or match["once"])


PATTERNS = (
    Pattern(
        "keywords.freq",
        cues("times time once twice thrice occurrences instances mentions occurrence"),
        _frequency,
        "Use the word 'tide' at least three times.",
    ),
    Pattern(
        "count.char",
        cues("letter letters character characters exclamation question comma commas symbol symbols"),
        _letters,
        "Use the letter q at most 4 times, with fewer than 3 exclamation marks.",
    ),
)
