"""Words, letters, case and language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.checks.shapes import names
from ctxdebug.analysis.constraints.checks.size import between, within
from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed, unchecked
from ctxdebug.text.languages import is_language, languages
from ctxdebug.text.layout import prose
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.constraint import Constraint

_UNSPACED = lazy(r"[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]")
"""Kana, Han and Thai, whose words are not set apart."""


def _include(constraint: Constraint, answer: Answer) -> Compliance:
    flat = answer.text.casefold()
    missing = [word for word in constraint.params["words"] if str(word).casefold() not in flat]
    start, end = answer.whole
    if missing:
        return failed("not in the answer: " + ", ".join(map(repr, missing)), missing, start=start, end=end)
    return passed("every word is in the answer")


_INLINE_CODE = lazy(r"`[^`\n]{1,200}`")


def _without_code(text: str) -> str:
    """Return a text with its code blanked out, in the same length."""
    return _INLINE_CODE.sub(lambda match: " " * len(match[0]), prose(text))


def _forbid(constraint: Constraint, answer: Answer) -> Compliance:
    if constraint.params.get("names"):
        return names(constraint, answer)
    in_code = False
    for word in constraint.params["words"]:
        spaced = _UNSPACED.search(str(word)) is None
        pattern = rf"(?<!\w){re.escape(str(word))}(?!\w)" if spaced else re.escape(str(word))
        everywhere = re.search(pattern, answer.text, re.IGNORECASE)
        found = re.search(pattern, _without_code(answer.text), re.IGNORECASE) if everywhere else None
        if found:
            return failed(f"{found[0]!r} is in the answer", found[0], start=found.start(), end=found.end())
        in_code = in_code or everywhere is not None
    return unchecked("a word of it is in code only") if in_code else passed("none of the words is in the answer")


def _frequency(constraint: Constraint, answer: Answer) -> Compliance:
    word = str(constraint.params["word"])
    found = list(re.finditer(re.escape(word), answer.text, re.IGNORECASE))
    alone = len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", answer.text, re.IGNORECASE))
    start, end = (found[0].start(), found[-1].end()) if found else answer.whole
    counts = alone if _UNSPACED.search(word) is None else len(found), len(found)
    return between(constraint, counts, f"times {word!r}", "parts of longer words", start=start, end=end)


def _characters(constraint: Constraint, answer: Answer) -> Compliance:
    char = str(constraint.params["char"]).lower()
    start, end = answer.whole
    return within(constraint, answer.text.lower().count(char), f"times {char!r}", start=start, end=end)


def _no_mark(constraint: Constraint, answer: Answer) -> Compliance:
    char = constraint.params["char"]
    at = answer.text.find(char)
    if not constraint.negative:
        return unchecked("how often the mark must be there is not said")
    return (
        failed(f"{answer.text.count(char)} times {char!r}", answer.text.count(char), start=at, end=at + 1)
        if at >= 0
        else passed(f"no {char!r}")
    )


def _case(constraint: Constraint, answer: Answer) -> Compliance:
    upper = constraint.type == "case.upper"
    good = answer.text.isupper() if upper else answer.text.islower()
    name = "capital" if upper else "small"
    if constraint.negative:
        start, end = answer.whole
        return failed(f"all in {name} letters", start=start, end=end) if good else passed(f"not all in {name} letters")
    if good:
        return passed(f"all in {name} letters")
    wrong = re.search(r"[^\W\d_]*[a-zà-öø-ÿ][^\W\d_]*" if upper else r"[^\W\d_]*[A-ZÀ-ÖØ-Þ][^\W\d_]*", answer.text)
    start, end = wrong.span() if wrong else answer.whole
    return failed(f"not all in {name} letters", wrong[0] if wrong else None, start=start, end=end)


def _language(constraint: Constraint, answer: Answer) -> Compliance:
    wanted = constraint.params["language"]
    if wanted == "user":
        asked = languages(answer.question)
        if len(asked) != 1:
            return unchecked("the language of the question cannot be told")
        wanted = asked[0]
    found = languages(answer.text) or ("another language",)
    verdict = is_language(answer.text, wanted)
    if verdict is None:
        return unchecked("the language of the answer cannot be told")
    start, end = answer.whole
    good = verdict is not constraint.negative
    return (
        passed(f"the answer is in {found[0]}", found[0])
        if good
        else failed(
            f"the answer is in {found[0]}, asked for {'not ' if constraint.negative else ''}{wanted}",
            found[0],
            start=start,
            end=end,
        )
    )


CHECKS = {
    "keywords.include": _include,
    "keywords.forbid": _forbid,
    "keywords.freq": _frequency,
    "count.char": _characters,
    "punctuation.none": _no_mark,
    "case.upper": _case,
    "case.lower": _case,
    "language": _language,
}
