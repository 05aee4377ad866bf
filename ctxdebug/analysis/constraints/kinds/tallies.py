"""Tallies of words and marks: different words, palindromes, numbers, conjunctions, pronouns, names from a list, every punctuation mark."""

# ruff: noqa: E501 - an example and a list of words are read as one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.checks.size import between, within
from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed, unchecked
from ctxdebug.analysis.constraints.kinds.kind import Found, Kind, limits
from ctxdebug.analysis.constraints.kinds.readings import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.analysis.constraints.constraint import Constraint

_TOPIC = "kinds_words"
_CONJUNCTIONS = frozenset("for and nor but or yet so".split())
_PRONOUNS = frozenset(
    """
    i me my mine myself you your yours yourself yourselves he him his himself she her hers herself it its itself we us our ours ourselves
    they them their theirs themselves
    """.split()
)
"""The personal, possessive and reflexive ones."""
_MORE_PRONOUNS = _PRONOUNS | frozenset(
    """
    this that these those who whom whose which what whoever whatever whichever anybody anyone anything everybody everyone everything nobody none nothing somebody
    someone something each either neither both few many several some all any most one another other others such
    """.split()
)
_MARKS = (".", ",", "!", "?", ";", ":")
_MORE_MARKS = ("-", "(", '"', "'")


def _unique(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    joined, plain = ({w.lower() for w in found} for found in (words(answer.text), re.findall(r"\w+", answer.text)))
    low, high = sorted((len(joined), len(plain)))
    return between(constraint, (low, high), "different words", "the parts of hyphenated words", start=start, end=end)


def _numbers(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    plain, joined = len(re.findall(r"\d+", answer.text)), len(re.findall(r"\d+(?:[.,:/-]\d+)*", answer.text))
    return between(constraint, (joined, plain), "numbers", "the parts of dates and decimals", start=start, end=end)


def _palindromes_read(found: Found) -> Mapping[str, Any]:
    return {**limits(found), "letters": int(found.get("letters") or 3)}


def _palindromes(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    letters = constraint.params["letters"]
    found = [
        w for w in (w.lower() for w in re.findall(r"[^\W\d_]+", answer.text)) if len(w) >= letters and w == w[::-1]
    ]
    return within(constraint, len(found), "palindromes", start=start, end=end)


def _conjunctions(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    used = {w.lower() for w in words(answer.text)} & _CONJUNCTIONS
    sure = len(used - {"for", "so", "yet"})
    return between(
        constraint,
        (sure, len(used)),
        "different coordinating conjunctions",
        "“for”, “so” and “yet”",
        start=start,
        end=end,
    )


def _pronouns(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    said = [w.lower() for w in re.findall(r"[^\W\d_]+", answer.text)]
    counts = sum(w in _PRONOUNS for w in said), sum(w in _MORE_PRONOUNS for w in said)
    return between(constraint, counts, "pronouns", "words like “this”, “who” and “some”", start=start, end=end)


def _names_read(found: Found) -> Mapping[str, Any]:
    return {
        **limits(found),
        "names": [name.strip() for name in re.split(r",\s*(?:and\s+)?", found.raw("list").strip(" .")) if name.strip()],
    }


def _names(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    used = [name for name in constraint.params["names"] if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", answer.text)]
    return within(constraint, len(used), "names from the list", start=start, end=end)


def _marks_read(found: Found) -> Mapping[str, Any]:
    return {"interrobang": "interrobang" in found.get("list").lower()}


def _marks(constraint: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole
    missing = next((mark for mark in _MARKS if mark not in answer.text), None)
    if missing is None and constraint.params["interrobang"] and not any(b in answer.text for b in ("?!", "!?", "‽")):
        missing = "?!"
    if missing is not None:
        return failed(f"{missing!r} is not in the answer", missing, start=start, end=end)
    if all(any(alike in answer.text for alike in ({'"': '"“', "'": "'’"}.get(mark, mark))) for mark in _MORE_MARKS):
        return passed("every punctuation mark is in the answer")
    return unchecked("which marks are standard punctuation marks is not said")


KINDS = (
    Kind(
        "count.unique", _TOPIC, "unique different distinct", _unique, "Use at least 4 unique words.", limits,
        kept=("one two three four",), broken=("one one two two",), open=("one two well-known",),
    ),
    Kind(
        "count.palindromes", _TOPIC, "palindromes palindrome", _palindromes, "Include at least 2 single-word palindromes, each at least 5 characters long.",
        _palindromes_read, kept=("A kayak and a radar.",), broken=("A kayak and mum.",),
    ),
    Kind(
        "count.numbers", _TOPIC, "numbers", _numbers, "Include exactly 2 numbers in the response.", limits,
        kept=("Pier 2 has 14 boats.",), broken=("Pier 2 is full.",), open=("Open from 9:30.",),
    ),
    Kind(
        "count.conjunctions", _TOPIC, "conjunctions", _conjunctions, "Use at least 2 different coordinating conjunctions in the response.", limits,
        kept=("The tide and the boat, but no pier.",), broken=("The tide and the boat and the pier.",), open=("The tide and the boat, so come.",),
    ),
    Kind(
        "count.pronouns", _TOPIC, "pronouns", _pronouns, "Include at least 3 pronouns.", limits,
        kept=("He saw her on their boat.",), broken=("The tide turns.", "He left."), open=("He knows this boat, who else?",),
    ),
    Kind(
        "count.names", _TOPIC, "names people", _names,
        "Mention at least 2 different person names in the response, from this list of person names: Emma, Liam, Sophia.", _names_read,
        kept=("Emma met Liam.",), broken=("Emma met Noah.",),
    ),
    Kind(
        "count.marks", _TOPIC, "punctuation", _marks,
        "Use every standard punctuation mark at least once, including semicolons, colons, and the interrobang.", _marks_read,
        kept=("Well: \"yes\"; it's (semi-)open, or what?! Come, is it? Yes!.",), broken=("Come, it is open.",), open=("Well: yes; it is open, or what?! Come.",),
    ),
)  # fmt: skip
