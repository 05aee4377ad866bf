"""What a question asks for, and what each source would answer: a value or a name near the question's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind
from ctxdebug.analysis.claims.words import STEM, WEIGHT, likes, weight_of
from ctxdebug.records import record
from ctxdebug.text.last_asked import last_asked
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording


class Asked(StrEnum):
    """The type of answer that a question expects."""

    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    YES_NO = "yes or no"
    OTHER = "other"


_DATE = lazy(
    r"\b(?:when|what (?:year|date|day|month|time)|which (?:year|date|day|month)|in what year|how old|birth ?date|date of)\b",
    re.IGNORECASE,
)
_NUMBER = wording("source_question", "number")
_WORKED_OUT = wording("source_question", "worked_out")
_NAME = lazy(r"\b(?:who|whom|whose|where|which|what)\b", re.IGNORECASE)
_YES_NO = lazy(
    r"^\W*(?:is|are|was|were|do|does|did|can|could|will|would|should|may|has|have|had|am|must|"
    r"ist|sind|gibt es|darf|dürfen|kann|können|muss|müssen|hat|haben)\b",
    re.IGNORECASE,
)
_LABEL = lazy(
    r"(?:\s|</?[\w-]{1,40}[^<>\n]{0,80}>|\*\*)*(?:(?:user(?:'s)?[ ])?(?:q|question|query)[ \t]?:(?:\*\*)?)?",
    re.IGNORECASE,
)
"""What stands before a question and is none of its words: a closing tag, `Question:`."""
_RUN = lazy(r"(?:[A-ZÀ-Þ][\w’'&.-]*)(?:\s(?:of|de|van|von|the|and|la|du|al|for)?\s?(?:[A-ZÀ-Þ][\w’'&.-]*))*")
_DATED = frozenset({ValueKind.DATE, ValueKind.CLOCK})


@record(frozen=True, slots=True)
class UserQuestion:
    """A question's last interrogative sentence, its content stems and names, and what it asks for."""

    text: str
    stems: frozenset[str]
    names: frozenset[str]
    asked: Asked


@record(frozen=True, slots=True)
class Candidate:
    """What a source may be answering: normal form, words, how well it fits (0 to 1), the statement and the span in it."""

    key: str
    text: str
    fit: float
    statement: Statement
    start: int
    end: int
    value: Value | None = None


def ask(text: str) -> UserQuestion:
    """Read a question; of a longer text, the last sentence that ends in a question mark, or all of it."""
    asked = last_asked(text[-4000:])
    words = text[-600:] if asked is None else asked
    label = _LABEL.match(words)
    words = words[label.end() :] if label else words
    stems = frozenset(map(STEM.__getitem__, re.findall(r"[^\W\d_]+", words))) - {""}
    first = words.split()[:1]
    names = frozenset(
        word.lower()
        for word in re.findall(r"[^\W_]+", words)
        if word[:1].isupper() and (not first or word != first[0].strip("\"'")) and STEM[word]
    )
    return UserQuestion(words.strip(), stems, names, _asked(words))


def is_worked_out(text: str) -> bool:
    """Whether a question asks for what no text says as such: a sum, a difference, a comparison."""
    return bool(_WORKED_OUT.search(text))


def _asked(words: str) -> Asked:
    if _DATE.search(words):
        return Asked.DATE
    if _NUMBER.search(words):
        return Asked.NUMBER
    if _YES_NO.match(words):
        return Asked.YES_NO
    return Asked.NAME if _NAME.search(words) else Asked.OTHER


def coverage(question: UserQuestion, stems: frozenset[str]) -> float:
    """Share of the question's weight that some stems hold, synonyms at half."""
    total = weight_of(question.stems)
    if not total:
        return 0.0
    got = weight_of(question.stems & stems)
    for stem in question.stems - stems:
        if not stems.isdisjoint(likes(stem)):
            got += WEIGHT[stem] * 0.5
    return got / total


def coverages(question: UserQuestion, statements: Sequence[Statement]) -> list[float]:
    """Per statement: its own coverage, with .6 of what the one before it covered carried on, and a little of the whole source's."""
    everything: frozenset[str] = (
        frozenset().union(*(statement.stems for statement in statements)) if statements else frozenset()
    )
    whole = coverage(question, everything)
    carried = 0.0
    found = []
    for statement in statements:
        own = coverage(question, statement.stems) if not statement.stems.isdisjoint(question.stems) else 0.0
        carried = max(own, 0.6 * carried)
        found.append(0.8 * carried + 0.2 * whole)
    return found


def candidates(question: UserQuestion, statements: Sequence[Statement], most: int = 6) -> list[Candidate]:
    """Return the likeliest answers of one source, best first, one per normal form."""
    best: dict[str, Candidate] = {}
    for statement, cover in zip(statements, coverages(question, statements), strict=True):
        if cover < 0.15:
            continue
        anchors = [m.start() for m in re.finditer(r"[^\W\d_]+", statement.text) if STEM[m.group()] in question.stems]
        for key, text, start, end, value, prior in _offers(question, statement):
            distance = min((abs(start - anchor) for anchor in anchors), default=200)
            fit = cover * prior * (1 / (1 + distance / 80))
            if key not in best or best[key].fit < fit:
                best[key] = Candidate(key, text, fit, statement, start, end, value)
    return sorted(best.values(), key=lambda one: one.fit, reverse=True)[:most]


def _offers(question: UserQuestion, statement: Statement) -> list[tuple[str, str, int, int, Value | None, float]]:
    offers: list[tuple[str, str, int, int, Value | None, float]] = []
    if question.asked in {Asked.DATE, Asked.NUMBER}:
        kinds = _DATED if question.asked is Asked.DATE else NUMERIC
        for value in statement.values:
            if value.kind in kinds:
                prior = (
                    1.0
                    if value.kind is not ValueKind.NUMBER or (value.noun and STEM[value.noun] in question.stems)
                    else 0.7
                )
                offers.append(
                    (value.key or f"{value.unit}{value.low:.10g}", value.shown(), value.start, value.end, value, prior)
                )
        return offers
    for match in _RUN.finditer(statement.text):
        words = [word.lower() for word in re.findall(r"[^\W_]+", match.group())]
        kept = [
            word for word in words if word not in question.names and STEM[word] and STEM[word] not in question.stems
        ]
        if not kept:
            continue
        prior = 1.0 if match.start() else 0.6
        offers.append((" ".join(kept), match.group(), match.start(), match.end(), None, prior))
    offers += [
        (value.key, value.shown(), value.start, value.end, value, 0.9)
        for value in statement.values
        if value.kind in {ValueKind.QUOTED, ValueKind.IDENTIFIER, ValueKind.VERSION}
    ]
    return offers
