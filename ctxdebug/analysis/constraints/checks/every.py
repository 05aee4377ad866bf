"""Properties that every word, sentence, paragraph or line must have, and words at a place."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.checks.size import between, within
from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed, unchecked
from ctxdebug.text import counts as counting
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.analysis.constraints.constraint import Constraint

_WORD = lazy(r"[^\W_]+(?:['’-][^\W_]+)*")
_PLAIN_STOP = lazy(r"(?<=[.!?])[\"'”’)]*\s+")
_DOUBTFUL = lazy(
    r"^[ \t]*(?:[-*+•#>|]|\d+[.)])|\b(?:[A-Z]\.|e\.g|i\.e|etc|vs|Mr|Mrs|Ms|Dr|St)\.?\s|\.{3}|…|:\s*\n", re.MULTILINE
)
"""Marks of lists and headings, and abbreviations: with these, where a sentence ends can be read in two ways."""


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _sentences(text: str) -> list[str] | None:
    """Return the sentences of plain prose; None where their borders are in doubt."""
    return None if _DOUBTFUL.search(text) else [part for part in _PLAIN_STOP.split(text.strip()) if _WORD.search(part)]


def _is_prime(n: int) -> bool:
    return n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    return list(itertools.pairwise(words))


_OF_WORDS: dict[str, Callable[[list[str]], str | None]] = {
    "prime length": lambda words: next((w for w in words if not _is_prime(len(w))), None),
    "other first letter": lambda words: next((f"{a} {b}" for a, b in _pairs(words) if a[0].lower() == b[0].lower()), None),
    "next letter": lambda words: next(
        (f"{a} {b}" for a, b in _pairs(words) if (ord(a[0].lower()) - 96) % 26 + 97 != ord(b[0].lower())), None
    ),
}  # fmt: skip
"""The first word, or pair of words, that lacks a property; None when all have it."""


def _every_word(constraint: Constraint, answer: Answer) -> Compliance:
    name = str(constraint.params["each_is"])
    words = _words(answer.text)
    if any("-" in word or "'" in word or "’" in word for word in words):
        return unchecked("how hyphenated and contracted words count is not said")
    wrong = _OF_WORDS[name](words)
    if wrong is None:
        return passed(f"every word: {name}", len(words))
    at = answer.text.find(wrong.split()[0])
    return failed(
        f"{wrong!r} does not fit what was asked of every word: {name}",
        wrong,
        start=max(at, 0),
        end=max(at, 0) + len(wrong),
    )


def _every_sentence(constraint: Constraint, answer: Answer) -> Compliance:
    found = _sentences(answer.text)
    if found is None:
        return unchecked("where its sentences end is not certain")
    start, end = answer.whole
    if constraint.params["each_is"] == "emoji at the end":
        missing = next((s for s in found if not counting.emojis(s.strip().rstrip(".!?\"'”’ ")[-3:])), None)
        return (
            passed("an emoji ends each sentence")
            if missing is None
            else failed("a sentence without an emoji at its end", missing[-40:], start=start, end=end)
        )
    words = [[w.lower() for w in _words(s)] for s in found]
    broken = next((b[0] for a, b in itertools.pairwise(words) if a[-1] != b[0]), None)
    if broken is None:
        return passed("each sentence begins with the last word of the one before")
    return failed(
        f"a sentence begins with {broken!r} and not with the last word of the one before", broken, start=start, end=end
    )


def _every_paragraph(_: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    parts = [[w.lower() for w in _words(line)] for line in answer.text.splitlines() if _WORD.search(line)]
    broken = next((p for p in parts if p[0] != p[-1]), None)
    if broken is None:
        return passed("each paragraph ends with its first word")
    return failed(
        f"a paragraph begins with {broken[0]!r} and ends with {broken[-1]!r}", broken[-1], start=start, end=end
    )


def _every_line(_: Constraint, answer: Answer) -> Compliance:
    wrong = next((line for line in answer.text.splitlines() if len(line.split()) > 1), None)
    if wrong is None:
        return passed("one word a line")
    at = answer.text.find(wrong)
    return failed("a line of several words", wrong[:60], start=at, end=at + len(wrong))


def _at(constraint: Constraint, answer: Answer) -> Compliance:
    found = _sentences(answer.text)
    if found is None:
        return unchecked("where its sentences end is not certain")
    place, nth, wanted = constraint.params["sentence"], constraint.params["nth"], str(constraint.params["word"])
    start, end = answer.whole
    if len(found) < place:
        return failed(
            f"{len(found)} sentences, and {wanted!r} is to be in sentence {place}", len(found), start=start, end=end
        )
    words = found[place - 1].split()
    word = words[nth - 1].strip(".,;:!?\"'“”‘’()*_") if len(words) >= nth else ""
    if word.lower() == wanted.lower():
        return passed(f"word {nth} of sentence {place} is {wanted!r}")
    return failed(f"word {nth} of sentence {place} is {word!r}, {wanted!r} asked for", word, start=start, end=end)


def _unique(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    counts = sorted(
        (len({w.lower() for w in _words(answer.text)}), len({w.lower() for w in re.findall(r"\w+", answer.text)}))
    )
    return between(
        constraint, (counts[0], counts[1]), "different words", "the parts of hyphenated words", start=start, end=end
    )


def _numbers(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    plain, joined = len(re.findall(r"\d+", answer.text)), len(re.findall(r"\d+(?:[.,:/-]\d+)*", answer.text))
    return between(constraint, (joined, plain), "numbers", "the parts of dates and decimals", start=start, end=end)


def _palindromes(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    letters = constraint.params.get("letters", 3)
    found = [
        w for w in (w.lower() for w in re.findall(r"[^\W\d_]+", answer.text)) if len(w) >= letters and w == w[::-1]
    ]
    return within(constraint, len(found), "palindromes", start=start, end=end)


CHECKS = {
    "words.every": _every_word, "sentences.every": _every_sentence, "paragraphs.every": _every_paragraph, "lines.every": _every_line,
    "words.at": _at, "count.unique": _unique, "count.numbers": _numbers, "count.palindromes": _palindromes,
}  # fmt: skip
