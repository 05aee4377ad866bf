"""Counts against bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed, unchecked
from ctxdebug.text import counts as counting

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.constraint import Constraint

_TOLERANCE = 0.20
"""How far a bare number (`a 200-word essay`) may be missed before it counts as missed."""


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


def _percent(excess: int, bound: int) -> float:
    return round(100 * excess / max(bound, 1), 1)


def _words(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    return within(constraint, answer.words, "words", start=start, end=end)


def _sentences(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    return within(constraint, answer.sentences, "sentences", start=start, end=end)


def _paragraphs(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    separator = constraint.params.get("separator")
    if separator:
        found = counting.parts(answer.text, separator)
        if any(not part.strip() for part in found):
            return failed(f"two separators {separator!r} with nothing between them", len(found), start=start, end=end)
        return within(constraint, len(found), f"parts separated by {separator}", start=start, end=end)
    return within(constraint, len(answer.paragraphs), "paragraphs", start=start, end=end)


def _lines(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    return within(
        constraint, sum(1 for line in answer.text.splitlines() if line.strip()), "lines", start=start, end=end
    )


def _chars(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    return within(constraint, len(answer.stripped), "characters", start=start, end=end)


def _bullets(constraint: Constraint, answer: Answer) -> Compliance:
    found = counting.bullets(answer.text, markdown=bool(constraint.params.get("markdown")))
    start, end = (found[0][0], found[-1][1]) if found else answer.whole
    return within(constraint, len(found), "bullet points", start=start, end=end)


def _highlights(constraint: Constraint, answer: Answer) -> Compliance:
    if constraint.negative:
        return unchecked("a highlight that is not wanted cannot be told from other emphasis")
    start, end = answer.whole
    lo = constraint.params.get("lo")
    measured = counting.highlights(answer.text)
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


CHECKS = {
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
