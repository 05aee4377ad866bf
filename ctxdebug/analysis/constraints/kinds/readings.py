"""The ways in which an answer can be read: its words with and without hyphens, its sentences with and without line ends.

A kind that counts sentences takes every reading that a person might mean. Only where all of them agree is anything decided.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.compliance_outcome import Compliance, Outcome, unchecked
from ctxdebug.text.layout import prose
from ctxdebug.text.patterns import lazy
from ctxdebug.text.sentences import counted_ends

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_WORD = lazy(r"[^\W_]+(?:['’-][^\W_]+)*")
_PART = lazy(r"[^\W_]+")
_LINE = lazy(r"[ \t]*(?:[-*+•>]|\d{1,3}[.)]|#{1,6})[ \t]+")
_STOP = lazy(r"(?<=[.!?…。！？])[\"'”’)*_]*\s+|(?<=[。！？])")


def words(text: str) -> list[str]:
    """Return the words of a text; `well-known` and `don't` are one each."""
    return _WORD.findall(text)


def word_readings(text: str) -> tuple[list[str], ...]:
    """Return the words with the hyphenated as one, as several, and with their marks left out."""
    joined = words(text)
    if not any(c in word for word in joined for c in "'’-"):
        return (joined,)
    return joined, _PART.findall(text), [re.sub(r"['’-]", "", word) for word in joined]


def sentence_readings(text: str) -> tuple[list[str], ...]:
    """Return the sentences of a text by its full stops, by its line ends too, and without its headings and list items."""
    body = prose(text)
    plain = [line for line in body.splitlines() if not _LINE.match(line) and not line.rstrip().endswith(":")]
    readings = [_by_ends(body), _by_lines(body.splitlines()), _by_lines(plain), _by_marks(body)]
    unique: list[list[str]] = []
    for reading in readings:
        if reading and reading not in unique:
            unique.append(reading)
    return tuple(unique)


def _by_ends(text: str) -> list[str]:
    left, found = 0, []
    for end in (*counted_ends(text), len(text)):
        found.append(text[left:end])
        left = end
    return _said(found)


def _by_marks(text: str) -> list[str]:
    return _said(_STOP.split(text))


def _by_lines(lines: Iterable[str]) -> list[str]:
    return [sentence for line in lines for sentence in _by_ends(line)]


def _said(found: Iterable[str]) -> list[str]:
    return [" ".join(one.split()) for one in found if _WORD.search(one)]


def agreed(verdicts: Sequence[Compliance], doubt: str) -> Compliance:
    """Return the verdict in which all readings agree; nothing is decided where they do not."""
    outcomes = {verdict.outcome for verdict in verdicts}
    if len(outcomes) == 1:
        return verdicts[0]
    return unchecked(doubt if outcomes else "there is nothing in the answer to hold it against")


def by_sentences(text: str, judge: Callable[[list[str]], Compliance]) -> Compliance:
    """Judge every reading of the sentences of a text."""
    return agreed([judge(reading) for reading in sentence_readings(text)], "where its sentences end is not certain")


def by_words(text: str, judge: Callable[[list[str]], Compliance]) -> Compliance:
    """Judge every reading of the words of a text."""
    return agreed(
        [judge(reading) for reading in word_readings(text)], "how hyphenated and contracted words count is not said"
    )


def decided(good: Compliance) -> bool:
    """Whether a verdict says kept or broken."""
    return good.outcome in {Outcome.PASS, Outcome.FAIL}
