"""The clauses of a sentence that has several values: `adults 8 £, children 4 £`, `to Graz at 14:25; to Linz at 14:40`.

A value belongs to the words beside it, not to all words of its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.values import Value, ValueKind
from ctxdebug.text.patterns import lazy

_BORDER = lazy(
    r"[;,][ \t]+(?:and |but |while |whereas )?|[ \t](?:and|but|while|whereas|or)[ \t]|[ \t]\|[ \t]|[.][ \t]+"
)
_WORDS_BETWEEN = lazy(r"[^\W\d_](?<!\band)(?<!\bor)(?<!\bto)\b|[^\W\d_]{4}|\|")
_HAS_SUBJECT = lazy(
    r"\W*(?:[A-Z]|[\w-]{1,20}:[ \t]|(?:the|a|an|its|his|her|their|our|your|this|that|these|those|each|every|all|no|it|they|there|you|we|i)\b)"
)
_LABEL = lazy(r"[^:\n]{2,60}:[ \t]")
_MAIN_BORDER = lazy(r"[;:,][ \t]+(?:and |but |while |whereas |so |as )?|[ \t](?:while|whereas|but|and)[ \t]")
_MAIN = lazy(
    r"(?:[A-Z][\w’'-]{1,30}(?:[ \t][A-Z][\w’'-]{1,30}){0,3}|(?:the|a|an|its|his|her|their|our|your|this|these|those|each|every|all|no)"
    r"(?:[ \t][\w’'-]{2,30}){1,3}?|it|they|he|she|we|you|there)[ \t](?:[a-z]{2,20}ly[ \t])?"
    r"(?:is|are|was|were|will|can|cannot|may|must|has|have|does|do|did|should|[a-z]{2,20}(?:s|ed)|n['’]t)\b"
)
"""A subject and a verb behind it."""
_ASIDE = lazy(
    r"\([^()]{3,200}\)|\b(?:as well as|along with|together with|in addition to|just like|such as)\b[^,;.]{2,120}",
    re.IGNORECASE,
)
_THEREFORE = lazy(r",\s(?:so|which means|that is why|hence|with|plus)\s[^.]{3,200}(?=\.?\s*$)", re.IGNORECASE)
"""What a sentence concludes or adds at its end."""
_LISTED = lazy(r"(?:[a-z][a-z’'-]{2,20}[ \t]){1,3}(?:is|are|was|were)\b")
"""A member of a list between semicolons: `vice captain is Alba Ruiz`."""
_TWO = lazy(
    r"(?<![\w’'])(?P<left>(?:(?:the|all|our|your|its) (?:[a-z-]{3,20} )?)?[a-z][a-z-]{2,20}) and "
    r"(?P<right>(?:(?:the|all|our|your|its) (?:[a-z-]{3,20} )?)?[a-z][a-z-]{2,20})(?![\w’'])",
    re.IGNORECASE,
)
_TOGETHER = lazy(
    r"\b(?:between|both|together|each other|combined|either|neither|nor|than|same|respectively)\b|,", re.IGNORECASE
)
_FEWEST = 2
_MOST = 12
_PLAIN = frozenset({ValueKind.QUOTED, ValueKind.ORDINAL, ValueKind.IDENTIFIER, ValueKind.URL, ValueKind.EMAIL})


@lru_cache(4096)
def clauses(one: Statement, *, whole: bool = False) -> tuple[Statement, ...]:
    """Return a sentence once for each clause with a value of its own, the rest blanked; nothing where there is one clause only.

    A clause without a subject keeps the words before the first value; every clause keeps a label before the first (`Tickets: …`).
    With `whole`, a sentence is split only where each clause has a subject of its own.
    """
    values = [value for value in one.values if value.kind not in _PLAIN]
    if not 1 < len(values) <= _MOST:
        return ()
    text = one.text
    starts = [0, *_starts(text, values)]
    if len(starts) < 2 or (whole and not all(_HAS_SUBJECT.match(text, start) for start in starts)):
        return ()
    label = _LABEL.match(text, 0, values[0].start)
    head = values[0].start
    found = []
    for start, end in zip(starts, (*starts[1:], len(text)), strict=True):
        kept = head if start and not _HAS_SUBJECT.match(text, start) else label.end() if label and start else 0
        words = text[:kept] + " " * (start - kept) + text[start:end] + " " * (len(text) - end)
        found.append(statement(words, one.source, one.start))
    return tuple(found)


@lru_cache(4096)
def compound(one: Statement) -> tuple[Statement, ...]:
    """Return the main clauses of a sentence, each with a subject of its own, the rest blanked; nothing where there is one only."""
    text = one.text
    starts = [
        0,
        *(
            match.end()
            for match in _MAIN_BORDER.finditer(text)
            if _MAIN.match(text, match.end()) or (match[0][0] == ";" and _LISTED.match(text, match.end()))
        ),
    ]
    if not 1 < len(starts) <= _MOST:
        return ()
    found = []
    for start, end in zip(starts, (*starts[1:], len(text)), strict=True):
        part = statement(" " * start + text[start:end] + " " * (len(text) - end), one.source, one.start)
        if len(part.stems) >= _FEWEST:
            found.append(part)
    return tuple(found) if len(found) > 1 else ()


def without_asides(one: Statement) -> tuple[Statement, ...]:
    """Return a sentence without what stands in brackets, behind `as well as` or behind a last `so`, which it says beside its main thing."""
    text = _ASIDE.sub(lambda match: " " * len(match[0]), one.text)
    text = _THEREFORE.sub(lambda match: " " * len(match[0]), text)
    return (statement(text, one.source, one.start),) if text != one.text else ()


@lru_cache(4096)
def coordinated(one: Statement) -> tuple[Statement, ...]:
    """Return a sentence of two things once for each of them: `the motor and the battery`; nothing where they go together."""
    found = _TWO.search(one.text)
    if found is None or _TOGETHER.search(one.text) or not one.text.rstrip().endswith((".", "!")):
        return ()
    left, right = found.span("left"), found.span("right")
    return tuple(
        statement(one.text[:start] + " " * (end - start) + one.text[end:], one.source, one.start)
        for start, end in ((left[0], right[0]), (left[1], right[1]))
    )


def _starts(text: str, values: list[Value]) -> Iterator[int]:
    """Yield where a clause begins between two values: not within `between 3 and 4 billion` or `in 2020, 2021`."""
    for left, right in pairwise(values):
        border = _BORDER.search(text, left.end, right.start)
        if border is not None and _WORDS_BETWEEN.search(text, left.end, right.start):
            yield border.end()
