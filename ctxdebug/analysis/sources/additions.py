"""What a claim adds to everything that was given: names that no text contains, and how much of it is in no text at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ctxdebug.analysis.claims.alignment import words_of
from ctxdebug.analysis.claims.spoken import spoken_language
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.units import MONTHS, UNITS
from ctxdebug.analysis.claims.words import GENERIC, STEM, WEIGHT, groups, kinds, likes, weight_of
from ctxdebug.analysis.sources.answer_part import AnswerPart
from ctxdebug.analysis.sources.assertions import openings
from ctxdebug.analysis.sources.citations import uncited
from ctxdebug.analysis.sources.claim import Difference
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.grounding import Support
from ctxdebug.analysis.sources.question import Asked, UserQuestion
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

_SAYS_MUCH = 0.5
"""Weight of a word from which it says what was asked for."""
_ASSERTS = 3
"""Content words of a claim that affirms what was asked for, at least."""
_YES = lazy(r"\W*(?:yes|sure|certainly|absolutely|of course)\b", re.IGNORECASE)
_WHOSE = lazy(r"\b(?:my|our|his|her|their)\s(?:[a-z-]{2,20}\s)?([A-Za-z]{2,30})", re.IGNORECASE)
_TITLE = lazy(r"\b(?:Mrs?|Ms|Dr|Prof|Sir|Judge|Captain|Sister|Father|Herr|Frau)\.?\s{1,2}")
_ADVISES = wording("source_additions", "advises")
_DENIES = wording("source_additions", "denies")
_HEDGES = wording("source_additions", "hedges")
_JUDGES = lazy(r"\W{0,4}(?:that|this|it|which)(?:['’]s| is)\b|[^.]{0,300}!\W{0,3}$", re.IGNORECASE)
_IF = lazy(r"(?:^|[,;:(]\s?)(?:if|when|unless|should|in case)\b", re.IGNORECASE)
_RARE = 1.0
_WEEK = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_DIRECTIONS = ("north", "south", "east", "west")
_CLAUSE = 2
"""Content words of a clause that was added, at least."""
_MAIN_SHARE = 0.9
"""Share of the words before such a clause that the texts have."""


@cache
def _aliases() -> tuple[tuple[str, ...], ...]:
    loaded = json.loads(Path(__file__).with_name("claim_kinds.json").read_text("utf-8"))
    return tuple(tuple(row.split("|")) for row in loaded["aliases"])


def foreign_share(own: Statement, evidence: Evidence) -> float:
    """Share of a claim's content, by weight, that no text contains in any like word."""
    stems = evidence.corpus.stems
    lone = {stem for stem in own.stems - stems if stems.isdisjoint(likes(stem))}
    return weight_of(lone) / max(1.0, weight_of(own.stems))


def answers_beyond(own: Statement, evidence: Evidence, question: UserQuestion) -> Difference | None:
    """Return what a question asks after, affirmed with a yes, though no text but the question itself has a word like it.

    Whose it is (`my daughter`) is not what is asked after.
    """
    if question.asked is not Asked.YES_NO or not _YES.match(own.text):
        return None
    whose = {STEM[match[1].lower()] for match in _WHOSE.finditer(question.text)}
    lone = {
        stem
        for stem in (question.stems & own.stems) - whose
        if stem not in GENERIC and WEIGHT[stem] >= _SAYS_MUCH and not _is_among(stem, evidence.stated)
    }
    found = [word for word in words_of(own) if word.stem in lone]
    if not found or len(own.stems) < _ASSERTS:
        return None
    return Difference("addition", own.text[found[0].start : found[-1].end], "", found[0].start, found[-1].end)


def added_clause(own: Statement, evidence: Evidence) -> Difference | None:
    """Return a last clause of which no content word is in any text, behind words that the texts have."""
    words = words_of(own)
    clauses: dict[int, list[int]] = {}
    for at, word in enumerate(words):
        if word.stem:
            clauses.setdefault(word.clause, []).append(at)
    if len(clauses) < 2:
        return None
    last = clauses.pop(max(clauses))
    if _ADVISES.match(own.text, words[last[0]].start) or _ADVISES.match(
        own.text, _clause_start(own.text, words[last[0]].start)
    ):
        return None
    begin = _clause_start(own.text, words[last[0]].start)
    if (
        _JUDGES.match(own.text, begin)
        or _HEDGES.search(own.text, begin)
        or _DENIES.search(own.text, begin)
        or _IF.search(own.text)
    ):
        return None
    if any(words[last[0]].start <= value.start for value in own.values) or "`" in own.text[words[last[0]].start :]:
        return None  # a figure is looked for on its own
    if len(last) < _CLAUSE or any(_is_among(words[at].stem, evidence.corpus.stems) for at in last):
        return None
    rest = {words[at].stem for places in clauses.values() for at in places}
    given = {stem for stem in rest if _is_among(stem, evidence.corpus.stems)}
    if weight_of(given) < _MAIN_SHARE * weight_of(rest):
        return None
    return Difference(
        "clause", own.text[words[last[0]].start : words[last[-1]].end], "", words[last[0]].start, words[last[-1]].end
    )


def _clause_start(text: str, at: int) -> int:
    """Where the clause begins that a word is in."""
    return max(text.rfind(mark, 0, at) for mark in ",;:(") + 1


def _is_among(stem: str, given: frozenset[str]) -> bool:
    """Whether stems have a word, one of like meaning, or a wider one."""
    return stem in given or not given.isdisjoint(likes(stem) | kinds(stem))


def is_longer_name(part: AnswerPart, evidence: Evidence) -> bool:
    """Whether an identifier is a name of the evidence with a number behind it: `COVID-19` where it says COVID."""
    letters = re.match(r"[^\W\d_]{4,}(?=-\d+$)", part.text)
    return part.kind == "identifier" and letters is not None and letters.group().lower() in evidence.corpus.text


def unknown_names(support: Support, evidence: Evidence, question: UserQuestion | None) -> Iterator[Difference]:
    """Names inside a sentence that no text contains in any form: not as a word, as initials, or as a country's adjective."""
    own = statement(uncited(support.text))
    words = own.text.split()
    if 2 * sum(word[:1].isupper() for word in words) > len(words):
        return  # a heading, or a list of names
    nouns = spoken_language(own.text, question.text if question is not None else "") == "de"
    known = (
        evidence.corpus.text + "\n" + evidence.titles + "\n" + (question.text.lower() if question is not None else "")
    )
    for name, (start, end) in own.names.items():
        before = own.text[:start].rstrip()[-1:]
        titled = _TITLE.search(own.text, max(0, start - 8), start)
        start = titled.start() if titled else start
        if (
            not (before.isalnum() or before == "," or titled)
            or not own.text[start].isupper()
            or (nouns and not titled)  # any noun is written so
            or len(name) < 4
            or _is_common(name)
            or name in openings()["countries"]
        ):
            continue
        parts = [part for part in re.split(r"[-'’.&]", name) if len(part) > 2]
        if parts and not any(_known(part, known) for part in parts):
            yield Difference("addition", own.text[start:end], "", start, end)


def is_titled(name: str) -> bool:
    """Whether a name has the title of a person: `Mrs. Farrow`."""
    return _TITLE.match(name) is not None


def is_full_name(name: str) -> bool:
    """Whether a name is somebody's or something's own: with a title, or of several words of which none is a common one."""
    words = re.findall(r"[^\W\d_]+", name)
    if is_titled(name):
        return True
    stems = [STEM[word] for word in words]
    known = any(not stem or stem in GENERIC or groups(stem) for stem in stems)
    placed = any(word.lower().endswith(_DIRECTIONS) for word in words)
    return len(words) > 1 and not known and not placed and any(WEIGHT[stem] >= _RARE for stem in stems)


def is_common_name(word: str) -> bool:
    """Whether a capitalised word names what everybody knows: a country, a unit, a month, or a common word."""
    low = word.strip(".,;:!?").lower()
    return (
        low in UNITS
        or low in MONTHS
        or low.removesuffix("s") in _WEEK
        or low in openings()["countries"]
        or _is_common(word)
    )


def _is_common(word: str) -> bool:
    """Whether a capitalised word is a common one, by its being in a class of meaning or a word of no content."""
    stem = STEM[word]
    return not stem or stem in GENERIC or bool(groups(stem)) or word.endswith("ly")


def _known(name: str, text: str) -> bool:
    """Whether a text has a name in some form: as written, with another ending, by an alias, or by its initials."""
    forms = (name, name[: max(4, len(name) - 3)]) if len(name) > 4 else (name, name.removesuffix("s"))
    if any(form in text for form in forms):
        return True
    if any(alias in text for row in _aliases() if name in row for alias in row):
        return True
    return len(name) <= 5 and _initials(name, text)


def _initials(name: str, text: str) -> bool:
    """Whether a text has words with the initials of a name, one word of another between them at most."""
    letters = [re.escape(letter) for letter in name.lower() if letter.isalpha()]
    gap = r"[\w.]{0,20}[ -](?:[a-z]{1,4} )?"
    return len(letters) < 2 or re.search(r"\b" + gap.join(letters), text) is not None
