"""Counts against bounds."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, Outcome, failed, passed, unchecked
from ctxdebug.text import counts as counting
from ctxdebug.text.languages import all_languages, languages
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording_languages

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.constraint import Constraint

_NUMBERED = lazy(r"^[ \t]{0,6}\d{1,3}[.)][ \t]", re.MULTILINE)
_SAID = lazy(r"\w")
_UNSPACED = lazy(r"[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]")
"""Kana, Han and Thai, whose words are not set apart."""
_FRAME = lazy(
    r"""
      \#{1,6}[ \t].*
    | [-*_=]{3,}
    | (?:```|~~~).*
    | \*\*[^*\n]{1,80}\*\*:?
    | [^\n.!?]{1,60}:
    | (?:dear|hi|hello|hey|best|kind|warm|sincerely|regards|yours
        |thank)\b[^\n.!?]{0,60}[,!]?(?:\n[^\n.!?]{1,60})?
    | (?:title|subject)\s*:[^\n]*
    | <<[^\n]*>>
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""A line or block that frames an answer: a heading, a rule, a fence, a salutation, a signature, a subject line."""
_TOLERANCE = 0.20
"""How far a bare number (`a 200-word essay`) may be missed before it counts as missed."""


_LIST_NUMBER = lazy(r"^[ \t]*\d{1,3}[.)](?=\s)", re.MULTILINE)


def within(constraint: Constraint, measured: int, what: str, *, start: int = 0, end: int = 0) -> Compliance:
    """Judge a count by the bounds of a constraint; the deviation is in percent of the bound it breaks."""
    lo, hi = constraint.params.get("lo"), constraint.params.get("hi")
    slack = _TOLERANCE if constraint.params.get("approx") else 0.0
    if lo is not None and measured < lo * (1 - slack):
        return failed(
            f"{measured} {what}, at least {lo} asked for",
            measured,
            start=start,
            end=end,
            deviation=_percent(lo - measured, lo),
        )
    if hi is not None and measured > hi * (1 + slack):
        return failed(
            f"{measured} {what}, at most {hi} asked for",
            measured,
            start=start,
            end=end,
            deviation=_percent(measured - hi, hi),
        )
    return passed(f"{measured} {what}", measured)


def between(
    constraint: Constraint, counts: tuple[int, int], what: str, doubt: str, *, start: int = 0, end: int = 0
) -> Compliance:
    """Judge a count that can be taken in two ways; where the two disagree about the bounds, nothing is decided.

    `counts` are the fewest and the most, `doubt` says what the difference hangs on.
    """
    low, high = (within(constraint, measured, what, start=start, end=end) for measured in counts)
    if low.outcome is high.outcome:
        return low if (low.deviation or 0) <= (high.deviation or 0) else high
    return unchecked(f"{counts[0]} or {counts[1]} {what}, depending on whether {doubt} count")


def _percent(excess: int, bound: int) -> float:
    return round(100 * excess / max(bound, 1), 1)


def _words(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    if len(_UNSPACED.findall(answer.text)) * 4 > len(answer.stripped):
        return unchecked("in a script without spaces, what counts as a word is not certain")
    spaced = len(answer.text.split())
    numbers = len(_LIST_NUMBER.findall(answer.text))
    counts = min(answer.words, spaced) - numbers, max(answer.words, spaced)
    doubt = "the parts of hyphenated and contracted words" + (" and the numbers of a list" if numbers else "")
    return between(constraint, counts, "words", doubt, start=start, end=end)


def _sentences(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    each = sum(
        max(1, counting.sentences(line, answer.language)) for line in answer.text.splitlines() if _SAID.search(line)
    )
    counts = [answer.sentences, each]
    doubt = "headings and items of lists"
    if "en" not in languages(answer.text) and _STOP.search(answer.text):
        counts.append(counting.sentences(_unabbreviated(answer.text), answer.language))
        doubt = "headings, items of lists and what may be abbreviations"
    return between(constraint, (min(counts), max(counts)), "sentences", doubt, start=start, end=end)


_STOP = lazy(r"\w\.[ \u00a0]\w")
_PAIR = lazy(r"(?<!\w)(\w{1,2})\.[ \u00a0]?(?=\w{1,2}\.)")
"""The first half of `z. B.` and `p. ex.`"""


@cache
def _abbreviations() -> re.Pattern[str]:
    known = all_languages()
    words = {word for code in wording_languages() if code != "en" for word in known[code].abbreviations} | {
        "b",
        "ex",
        "a",
        "ej",
        "es",
    }
    return re.compile(rf"(?<!\w)({'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})\.", re.IGNORECASE)


def _unabbreviated(text: str) -> str:
    """Return a text without the full stops that may be those of abbreviations, in any language that is read."""
    return _abbreviations().sub(r"\1", _PAIR.sub(r"\1", text))


def _paragraphs(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    separator = constraint.params.get("separator")
    if separator:
        found = counting.parts(answer.text, separator)
        if any(not part.strip() for part in found):
            return failed(f"two separators {separator!r} with nothing between them", len(found), start=start, end=end)
        return within(constraint, len(found), f"parts separated by {separator}", start=start, end=end)
    prose = sum(not _FRAME.fullmatch(paragraph.strip()) for paragraph in answer.paragraphs)
    counts = prose, len(answer.paragraphs)
    return between(constraint, counts, "paragraphs", "headings, salutations and rules", start=start, end=end)


def _lines(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    lines = [line.strip() for line in answer.text.splitlines() if line.strip()]
    counts = sum(not _FRAME.fullmatch(line) for line in lines), len(lines)
    return between(constraint, counts, "lines", "headings, salutations and fences", start=start, end=end)


def _chars(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    if constraint.params.get("marks"):
        counts = sum(map(str.isalnum, answer.text)), sum(not c.isspace() for c in answer.text)
        return between(constraint, counts, "characters", "punctuation marks", start=start, end=end)
    return within(constraint, len(answer.stripped), "characters", start=start, end=end)


def _bullets(constraint: Constraint, answer: Answer) -> Compliance:
    found = counting.bullets(answer.prose, markdown=bool(constraint.params.get("markdown")))
    numbered = len(_NUMBERED.findall(answer.prose))
    if not found and numbered and within(constraint, numbered, "items").outcome is Outcome.PASS:
        return unchecked(f"{numbered} numbered items, and whether these serve as bullet points is not said")
    start, end = (found[0][0], found[-1][1]) if found else answer.whole
    return within(constraint, len(found), "bullet points", start=start, end=end)


def _highlights(constraint: Constraint, answer: Answer) -> Compliance:
    if constraint.negative:
        return unchecked("a highlight that is not wanted cannot be told from other emphasis")
    start, end = answer.whole
    lo = constraint.params.get("lo")
    measured = counting.highlights(answer.prose)
    if lo is not None and constraint.params.get("hi") == lo and measured > lo:
        return passed(f"{measured} highlighted stretches", measured)
    return within(constraint, measured, "highlighted stretches", start=start, end=end)


def _placeholders(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    return within(constraint, counting.placeholders(answer.text), "placeholders", start=start, end=end)


def _capitals(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    return within(constraint, counting.capitals(answer.text), "words in capitals", start=start, end=end)


def _emojis(constraint: Constraint, answer: Answer) -> Compliance:
    found = counting.emojis(answer.text)
    start, end = found[0] if found else answer.whole
    return within(constraint, len(found), "emoji", start=start, end=end)


_THINGS = {
    "digit": lazy(r"\d"),
    "link": lazy(r"https?://\S+|\bwww\.\S+|\[[^\]\n]{1,200}\]\([^)\n]{1,500}\)"),
    "hashtag": lazy(r"(?<![\w&/])#(?=\w*[^\W\d_])\w+"),
    "question": lazy(r"[?？](?![?？])"),
    "parenthesis": lazy(r"[()]"),
}
"""What is counted in the prose of an answer by one mark."""


def _things(constraint: Constraint, answer: Answer) -> Compliance:
    what = str(constraint.params["what"])
    found = list(_THINGS[what].finditer(answer.text))
    outside = sum(1 for _ in _THINGS[what].finditer(answer.prose))
    start, end = found[0].span() if found else answer.whole
    return between(constraint, (outside, len(found)), f"times a {what}", "those in code", start=start, end=end)


CHECKS = {
    "things.count": _things,
    "length.words": _words,
    "length.sentences": _sentences,
    "length.paragraphs": _paragraphs,
    "length.lines": _lines,
    "length.chars": _chars,
    "format.bullets": _bullets,
    "format.highlights": _highlights,
    "format.placeholders": _placeholders,
    "case.capwords": _capitals,
    "emoji": _emojis,
}
