"""Who or what was asked for: the name that stands where the question is answered, against the name that the answer gives.

`Jonas Pohl is the chief financial officer` does not say who the chief executive is. What was asked of (the predicate: the question's words
without names) has to stand beside one name and not beside the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from ctxdebug.analysis.claims.clauses import compound
from ctxdebug.analysis.claims.contradiction import Contradiction
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.words import STEM, WEIGHT, lexicon, likes, weight_of
from ctxdebug.analysis.sources.claim import Origin
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.near_statements import NearStatement
from ctxdebug.analysis.sources.question import UserQuestion
from ctxdebug.analysis.sources.reliance import INSTRUCTS
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_ASKS_WHO = lazy(r"\b(?:who|whom|whose|where)\b|\b(?:which|what) (?P<kind>[a-z]{3,20})s?\b", re.IGNORECASE)
_SPEAKS = 0.7
"""Share of what was asked that a clause has, to speak of it."""
_SILENT = 0.45
"""Share of it that the clauses with the answer's name have at most."""
_ALL = 0.95
_NOW = frozenset({"now", "current", "today", "present"})
_SHORT = 3
"""Words that ask up to which a clause needs all of them."""
_NOT_ALL = 0.75
"""The same, where another clause has all that was asked for."""
_LEAST = 0.1
"""Weight of the words that ask, at least."""
_MOST = 24
_TITLE = lazy(r"(?:Mrs?|Ms|Dr|Prof|Sir|Judge|Captain|Herr|Frau)\.?\s{1,2}$")
_DENIES = lazy(r"\b(?:not|no|never|nor|neither|former|formerly|previous|previously|until)\b|n['’]t\b", re.IGNORECASE)


@record(frozen=True, slots=True)
class _Run:
    """A name as it stands in a sentence: its words in lower case, and its span."""

    words: frozenset[str]
    start: int
    end: int


def asked_name(
    own: Statement, evidence: Evidence, question: UserQuestion
) -> tuple[NearStatement, Contradiction] | None:
    """Return the clause whose name answers the question, where the claim gives another one."""
    found = _ASKS_WHO.search(question.text)
    if found is None or _DENIES.search(own.text) or _DENIES.search(question.text):
        return None
    kind = STEM[found["kind"].lower()] if found["kind"] else ""
    asked = statement(question.text)
    names = [name for name in asked.names if STEM[name] not in _aliases()]
    named = frozenset(STEM[part] for name in names for part in (name, *_parts(name)))
    predicate = asked.stems - named - {kind} - _NOW
    mine = [run for run in _runs(own) if run.words.isdisjoint(_parts(asked.text.lower()))]
    if len(mine) != 1 or weight_of(predicate) < _LEAST:
        return None
    (said,) = mine
    rows = [(clause, whole, _share(predicate, clause.stems)) for clause, whole in _clauses(evidence, predicate, said)]
    speaking = [
        row for row in rows if row[2] >= _SPEAKS and (len(predicate) > _SHORT or _has_all(predicate, row[0].stems))
    ]
    if named and any(not named.isdisjoint(row[0].stems) for row in speaking):
        speaking = [row for row in speaking if not named.isdisjoint(row[0].stems)]
    with_name = [row for row in rows if _has(row[0], said)]
    least = _NOT_ALL if any(row[2] >= _ALL for row in speaking) else _SILENT
    if not speaking or any(
        row in speaking or row[2] > least for row in with_name if not _elsewhere(row, named, speaking)
    ):
        return None
    answers = [(row, run) for row in speaking for run in _runs(row[0]) if _other(run, said, named)]
    different = any(not a.words & b.words for _, a in answers for _, b in answers)
    if not answers or (different and len(speaking) > 1):
        return None
    (clause, whole, share), run = answers[0]
    near = NearStatement(clause, share, share, evidence.origins[clause.source], share, whole)
    return near, Contradiction("name", 0.8, (said.start, said.end), (run.start, run.end))


def _elsewhere(row: tuple[Statement, Statement, float], named: frozenset[str], speaking: Sequence[object]) -> bool:
    """Whether a clause speaks of the same, said of another name than the question's: who trained the team in Oslo, and not in Bergen."""
    return (
        bool(named)
        and row not in speaking
        and row[2] >= _SPEAKS
        and named.isdisjoint(row[0].stems)
        and bool(_runs(row[0])[1:])
    )


def _other(run: _Run, said: _Run, named: frozenset[str]) -> bool:
    return run.words.isdisjoint(said.words) and not all(STEM[word] in named for word in run.words)


def _has(one: Statement, said: _Run) -> bool:
    words = set(_parts(one.text.lower()))
    return not said.words.isdisjoint(words)


def _parts(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


def _clauses(evidence: Evidence, predicate: frozenset[str], said: _Run) -> Iterator[tuple[Statement, Statement]]:
    """Yield the clauses that may say it, each with its sentence: those near the question, and those with the answer's name."""
    wanted = predicate | {stem for pair in _aliases().items() for stem in (pair[1] if pair[0] in predicate else ())}
    near = evidence.corpus.nearest(wanted.union(*map(likes, wanted)), _MOST)
    known = {id(one) for one in near}
    near += [
        one
        for one in evidence.corpus.nearest(frozenset(map(STEM.__getitem__, said.words)), _MOST)
        if id(one) not in known
    ]
    for whole in near:
        origin = evidence.origins[whole.source]
        if origin is Origin.EARLIER or whole.text.rstrip().endswith("?") or whole.text.count("|") > 1:
            continue  # a row of a table is read by its cells
        if origin is not Origin.SOURCE and INSTRUCTS.search(whole.text):
            continue
        for one in compound(whole) or (whole,):
            yield one, whole


@cache
def _aliases() -> dict[str, frozenset[str]]:
    """Return short names of roles -> the words of the long ones: `ceo`: chief, executive."""
    rows = lexicon()["roles_in_short"]
    assert isinstance(rows, list)
    return {STEM[short]: frozenset(map(STEM.__getitem__, long)) - {""} for short, *long in map(str.split, rows)}


def _has_all(predicate: frozenset[str], stems: frozenset[str]) -> bool:
    """Whether a clause has every word that asks, in like words or the long form of a role."""
    return all(_share(frozenset({stem}), stems) == 1.0 for stem in predicate)


def _share(predicate: frozenset[str], stems: frozenset[str]) -> float:
    """Share of what was asked that a clause has, in like words or the long form of a role."""
    got = 0.0
    for stem in predicate:
        long = _aliases().get(stem)
        if stem in stems or not stems.isdisjoint(likes(stem)) or (long and long <= stems):
            got += WEIGHT[stem]
    if any(long <= predicate and short in stems for short, long in _aliases().items()):
        return 1.0
    return got / (weight_of(predicate) or 1.0)


def _runs(one: Statement) -> list[_Run]:
    """Return the names of a sentence, those that stand together as one."""
    spans = sorted(one.names.values())
    runs: list[tuple[int, int]] = []
    for start, end in spans:
        if runs and not one.text[runs[-1][1] : start].strip(" .") and start - runs[-1][1] <= 2:
            runs[-1] = runs[-1][0], end
        else:
            title = _TITLE.search(one.text, max(0, start - 9), start)
            runs.append((title.start() if title else start, end))
    return [
        _Run(frozenset(_parts(one.text[start:end].lower())) - _TITLES, start, end)
        for start, end in runs
        if one.text[start:end].strip()[:1].isupper()
        and max(map(len, _parts(one.text[start:end])), default=0) > 1  # `Q2` is none
        and STEM[one.text[start:end]] not in _aliases()
    ]


_TITLES = frozenset("mr mrs ms dr prof sir judge captain herr frau".split())
