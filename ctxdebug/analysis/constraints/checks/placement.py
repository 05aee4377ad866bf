"""Where words stand in an answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed, unchecked

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.constraint import Constraint

_EDGES = " \t\r\n\"'“”‘’*_`"


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


def _verdict(constraint: Constraint, good: bool, reason: str, measured: str, start: int, end: int) -> Compliance:
    if good is not constraint.negative:
        return passed(reason)
    return failed(f"not the case: {reason}" if not constraint.negative else reason, measured, start=start, end=end)


def _end(constraint: Constraint, answer: Answer) -> Compliance:
    phrase = _flat(constraint.params["phrase"]).strip('"“”')
    text = _flat(answer.text.strip().strip(_EDGES))
    start = max(0, len(answer.text.rstrip()) - len(phrase) - 20)
    if phrase.endswith(":"):
        last = _flat(
            next((line for line in reversed(answer.text.splitlines()) if line.strip(_EDGES)), "").lstrip(_EDGES)
        )
        return _verdict(
            constraint,
            last.startswith(phrase),
            f"the last line begins with {constraint.params['phrase']!r}",
            last[:60],
            start,
            len(answer.text),
        )
    return _verdict(
        constraint,
        text.endswith(phrase),
        f"the answer ends with {constraint.params['phrase']!r}",
        answer.text[start:].strip(),
        start,
        len(answer.text),
    )


def _start(constraint: Constraint, answer: Answer) -> Compliance:
    phrase = _flat(constraint.params["phrase"]).strip('"“”').rstrip(".")
    text = _flat(answer.text.strip().strip(_EDGES))
    end = min(len(answer.text), len(phrase) + 20)
    return _verdict(
        constraint,
        text.startswith(phrase),
        f"the answer begins with {constraint.params['phrase']!r}",
        answer.text[:end].strip(),
        0,
        end,
    )


def _postscript(constraint: Constraint, answer: Answer) -> Compliance:
    marker = str(constraint.params["marker"])
    letters = re.sub(r"[\s.:]", "", marker).lower()
    pattern = (
        r"\.?\s?".join(map(re.escape, letters)) + (r"\b" if letters.isalpha() else "")
        if letters in {"ps", "pps"}
        else re.escape(marker)
    )
    if letters == "ps":
        pattern = r"p\.\s?s\.?|\bps\b"
    elif letters == "pps":
        pattern = r"p\.\s?p\.\s?s|\bpps\b"
    found = re.search(pattern, answer.text, re.IGNORECASE)
    start, end = found.span() if found else answer.whole
    return _verdict(constraint, found is not None, f"a postscript marked {marker}", marker if found else "", start, end)


def _quotes(constraint: Constraint, answer: Answer) -> Compliance:
    mark = constraint.params.get("mark", '"')
    text = answer.stripped
    opening, closing = ("'‘", "'’") if mark == "'" else ('"“', '"”')
    good = len(text) > 1 and text[0] in opening and text[-1] in closing
    start, end = answer.whole
    return _verdict(constraint, good, "the answer is in quotation marks", text[:1] + "…" + text[-1:], start, end)


def _first_word(constraint: Constraint, answer: Answer) -> Compliance:
    paragraphs = [part for part in answer.text.split("\n\n") if part.strip()]
    nth = constraint.params["paragraph"]
    start, end = answer.whole
    index = nth - 1 if nth > 0 else len(paragraphs) + nth
    if not 0 <= index < len(paragraphs):
        return failed(f"there is no paragraph {nth}", len(paragraphs), start=start, end=end)
    paragraph = paragraphs[index].strip()
    start = answer.text.find(paragraph)
    first = re.match(r"[\s\"'“‘*_#]*([^\s.,?!'\"”’]+)", paragraph)
    word = first[1] if first else ""
    good = word.casefold() == _flat(constraint.params["word"]).strip("\"'")
    if not good and " " in str(constraint.params["word"]):
        good = _flat(paragraph.lstrip(_EDGES)).startswith(_flat(constraint.params["word"]))
    return _verdict(
        constraint,
        good,
        f"paragraph {nth} begins with {constraint.params['word']!r}",
        word,
        start,
        start + max(len(word), 1),
    )


def _repeat(constraint: Constraint, answer: Answer) -> Compliance:
    wanted = _flat(constraint.params.get("text") or "")
    if len(wanted) < 8:
        return unchecked("the words to repeat are not in the same text")
    text = _flat(answer.stripped.lstrip(_EDGES))
    probe = wanted.strip("\"'“” ")
    if text.startswith(probe):
        return passed("the answer begins with the request")
    first = wanted.split(". ")[0]
    if len(first) >= 8 and not text.startswith(first[:30].strip("\"'“”")):
        return failed(
            "the answer does not begin with the request", answer.text[:60], start=0, end=min(len(answer.text), 60)
        )
    if constraint.params.get("exact"):
        return failed(
            "the answer does not repeat the whole request", answer.text[:60], start=0, end=min(len(answer.text), 60)
        )
    return (
        unchecked("how much of the request is to be repeated is not clear")
        if text.startswith(first)
        else failed(
            "the answer does not repeat the request as it is", answer.text[:60], start=0, end=min(len(answer.text), 60)
        )
    )


CHECKS = {
    "position.end": _end,
    "position.start": _start,
    "position.postscript": _postscript,
    "position.quotes": _quotes,
    "position.first_word": _first_word,
    "position.repeat": _repeat,
}
