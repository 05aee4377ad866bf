"""What an answer stands on, sentence by sentence: supported, contradicted, or in no source; numbers, dates, names and URLs one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ctxdebug.analysis.claims.opposition import oppose
from ctxdebug.analysis.claims.readable_text import read
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.values import NUMERIC, Value
from ctxdebug.analysis.sources.answer_part import AnswerPart, Given, Grounding, Original, parts_of
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.analysis.sources.scorer import scorer
from ctxdebug.analysis.sources.source import Passage
from ctxdebug.analysis.sources.support import bigrams, features, nearest
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

MOST_SENTENCES = 400
"""Answer sentences looked at; the rest is said to be unread."""
_SUPPORTED_SHARE = 0.6
_CODE = lazy(
    r"```.*?(?:```|\Z)|`[^`\n]{1,200}`|<(?P<call>function|tool_call|invoke)\b[^>]{0,80}>.*?(?:</(?P=call)>|\Z)",
    re.DOTALL,
)
"""Code, and a tool call that the model printed as text: neither states anything."""


@record(frozen=True, slots=True)
class Support:
    """One sentence of the answer: its verdict, the two scores, the nearest passages, and its parts."""

    text: str
    start: int
    end: int
    verdict: Grounding
    unsupported: float
    contradicted: float
    share: float
    """Share of its words that the nearest source sentence holds."""
    passages: tuple[Passage, ...]
    parts: tuple[AnswerPart, ...]
    note: str = ""
    at: int = 0
    """Where it begins in the answer as it is read (without marks of emphasis)."""


def ground(answer: str, corpus: Corpus, given: Given) -> tuple[Support, ...]:
    """Every sentence of an answer against the sources and the given facts."""
    reading = read(answer)
    code = [match.span() for match in _CODE.finditer(reading.text)]
    found = []
    claims = [
        statement(reading.text[start:end], -1, start)
        for start, end in reading.spans[:MOST_SENTENCES]
        if not any(begin <= start and end <= stop for begin, stop in code)
    ]
    for at, claim in enumerate(claims):
        around = (*reversed(claims[max(0, at - 12) : at]), *claims[at + 1 : at + 4])
        own = [value for other in around for value in other.values if value.kind in NUMERIC][:10]
        found.append(_sentence(claim, reading.text, corpus, given, own, reading.original))
    return tuple(found)


def _sentence(
    claim: Statement, whole: str, corpus: Corpus, given: Given, own: Sequence[Value], original: Original
) -> Support:
    text = claim.text
    begin, stop = original(claim.start), original(claim.end - 1) + 1
    if text.endswith("?") or (len(claim.stems) < 2 and not claim.values):
        return Support(text, begin, stop, Grounding.NO_CLAIM, 0.0, 0.0, 0.0, (), (), at=claim.start)
    best = nearest(claim, corpus.nearest(claim.stems), 3)
    parts = tuple(parts_of(claim, whole, corpus, given, own, [source for _, source in best], original))
    row = _row(claim, best, corpus)
    unsupported = scorer("unsupported").probability(row + row)
    contradicted = (scorer("contradicted").probability(row + row) + scorer("claim").probability(row)) / 2
    share = best[0][0] if best else 0.0
    verdict, note = _verdict(claim, best, parts, share)
    passages = tuple(corpus.passage(source) for _, source in best[:2])
    if verdict is Grounding.ABSENT and not parts:
        for who, facts in given.told():
            said = nearest(claim, facts.nearest(claim.stems), 1)
            if said and said[0][0] >= _SUPPORTED_SHARE:
                verdict, note = Grounding.SUPPORTED, f"said by {who}"
    return Support(text, begin, stop, verdict, unsupported, contradicted, share, passages, parts, note, claim.start)


def _row(claim: Statement, best: Sequence[tuple[float, Statement]], corpus: Corpus) -> list[float]:
    pairs = set().union(*(bigrams(source.text) for _, source in best)) if best else set()
    return features(claim, best, corpus.stems, pairs, corpus.text)


def _verdict(
    claim: Statement, best: Sequence[tuple[float, Statement]], parts: Sequence[AnswerPart], share: float
) -> tuple[Grounding, str]:
    if any(part.verdict is Grounding.CONTRADICTED for part in parts):
        return Grounding.CONTRADICTED, "a value differs from the source"
    for near, source in best[:1]:
        opposition = oppose(source, claim)
        if (
            opposition
            and opposition.score >= 0.7
            and near >= _SUPPORTED_SHARE
            and opposition.kind in {"negation", "name"}
        ):
            return (
                Grounding.CONTRADICTED,
                f"{opposition.kind}: the source says the opposite" if opposition.kind == "negation" else "another name",
            )
    if any(part.verdict is Grounding.ABSENT and part.specific for part in parts):
        return Grounding.ABSENT, "a part of it is in no source"
    if share >= _SUPPORTED_SHARE or (parts and share >= 0.4):
        return Grounding.SUPPORTED, ""
    return Grounding.ABSENT, "no source sentence says it in like words"
