"""How far some source sentences carry a claim: features of two small learned scores, *unsupported* and *contradicted*.

Two scores, because the two faults pull features apart: added content lowers coverage, a small edit leaves coverage high
and flips a word. One score for both is worse than chance on one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.opposition import oppose
from ctxdebug.analysis.claims.overlap import alternatives, overlap
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.values import ValueKind
from ctxdebug.analysis.claims.words import OPPOSITES, STEM, WEIGHT, likes, weight_of
from ctxdebug.text.patterns import lazy

FEATURES: tuple[str, ...] = (
    "missing weight", "missing share", "missing in best", "new pairs", "new words", "names missing", "names share", "values missing",
    "values share", "best containment",
    "second containment", "negation parity", "claim negations", "source negations", "antonyms", "synonyms", "opposition", "alternatives",
    "claim length", "best length",
    "exclusive", "missing known", "missing rare", "longest run", "value conflicts", "names best", "reversed", "absent count", "jaccard",
    "negated missing",
    "first missing", "last missing", "names conflict", "absent adjectives", "hedges", "directions", "roles swapped",
)  # fmt: skip
_EXCLUSIVE = frozenset(
    "only exclusively solely always never entirely completely none no sole just merely yet all every".split()
)
_HEDGES = frozenset(
    "may might could expected expects plan plans planned likely possibly potential potentially will would if hope hopes aim aims".split()
)
_DIRECTIONS = frozenset(
    "increase increased increases decrease decreased decreases higher lower more less fewer up down rise rose fall "
    "fell grew growth decline declined improve improved worsened first last before after old new large small high "
    "low gain loss".split())  # fmt: skip
_WORD = lazy(r"[^\W_]+")


def bigrams(text: str) -> set[tuple[str, str]]:
    """Adjacent words, lower-cased."""
    return set(pairwise(word.lower() for word in _WORD.findall(text)))


def nearest(claim: Statement, sources: Sequence[Statement], most: int = 3) -> list[tuple[float, Statement]]:
    """Return the source sentences that cover most of the claim, with the share covered, best first."""
    total = weight_of(claim.stems) or 1.0
    scored = []
    for source in sources:
        common = claim.stems & source.stems
        if common:
            scored.append((weight_of(common) / total, len(common) / (len(source.stems) + 5), source))
    scored.sort(key=lambda row: row[0] + 0.15 * row[1], reverse=True)
    return [(share, source) for share, _, source in scored[:most]]


def features(
    claim: Statement,
    best: Sequence[tuple[float, Statement]],
    stems: frozenset[str],
    pairs: Collection[tuple[str, str]],
    text: str,
) -> list[float]:
    """Return the features of `FEATURES`: the claim against its nearest sentences, and all sources' stems, bigrams and lower-cased text."""
    f = dict.fromkeys(FEATURES, 0.0)
    missing = claim.stems - stems
    total = weight_of(claim.stems) or 1.0
    f["missing weight"], f["missing share"], f["absent count"] = (
        weight_of(missing),
        weight_of(missing) / total,
        len(missing),
    )
    own = bigrams(claim.text)
    f["new pairs"] = len(own.difference(pairs)) / (len(own) or 1)
    f["claim length"], f["claim negations"] = len(claim.tokens), len(claim.negations)
    low_words = {word.lower() for word in claim.tokens}
    _names(claim, text, f)
    missing_words = [word for word in claim.tokens if STEM[word] in missing]
    f["absent adjectives"] = sum(
        word.endswith(("ly", "al", "ful", "ous", "ive", "able", "ible", "ic", "est")) for word in missing_words
    )
    f["hedges"] = len(low_words & _HEDGES)
    if not best:
        f["missing in best"] = f["missing share"] = 1.0
        return [f[name] for name in FEATURES]
    source = best[0][1]
    words = {word.lower() for word in source.tokens}
    f["exclusive"] = len((low_words - words) & _EXCLUSIVE)
    f["hedges"] = len((low_words ^ words) & _HEDGES)
    f["directions"] = len((low_words - words) & _DIRECTIONS)
    f["new words"] = len([word for word in low_words - words if word not in text]) / (len(low_words) or 1)
    f["best containment"], f["second containment"] = best[0][0], best[1][0] if len(best) > 1 else 0.0
    f["missing in best"] = 1 - best[0][0]
    f["best length"] = len(source.tokens)
    f["first missing"] = float(bool(claim.order) and claim.order[0] in missing)
    f["last missing"] = float(bool(claim.order) and claim.order[-1] in missing)
    _aligned(claim, source, missing, f)
    _typed(claim, best, f)
    return [f[name] for name in FEATURES]


def _names(claim: Statement, text: str, f: dict[str, float]) -> None:
    absent = [name for name in claim.names if name not in text]
    f["names missing"], f["names share"] = len(absent), len(absent) / (len(claim.names) or 1)


def _aligned(claim: Statement, source: Statement, missing: frozenset[str], f: dict[str, float]) -> None:
    lap = overlap(source, claim)
    alone = claim.stems - source.stems
    other = source.stems - claim.stems
    f["antonyms"] = sum(not OPPOSITES[x].isdisjoint(other) for x in alone)
    f["synonyms"] = sum(not likes(x).isdisjoint(other) for x in alone)
    f["missing known"] = sum(not likes(x).isdisjoint(other) for x in missing)
    f["missing rare"] = sum(WEIGHT[x] >= 1 for x in missing)
    f["negation parity"] = (len(claim.negations) + len(source.negations)) % 2
    f["source negations"] = len(source.negations)
    f["negated missing"] = f["negation parity"] * f["best containment"]
    f["alternatives"] = len(alternatives(source, claim, lap))
    f["jaccard"] = len(claim.stems & source.stems) / (len(claim.stems | source.stems) or 1)
    f["names best"] = sum(name not in source.text.lower() for name in claim.names) / (len(claim.names) or 1)
    order = {stem: at for at, stem in enumerate(source.order)}
    shared = [order[stem] for stem in claim.order if stem in order]
    steps = [y - x for x, y in pairwise(shared)]
    f["reversed"] = sum(step < 0 for step in steps) / (len(steps) or 1)
    f["longest run"] = _run(claim, source) / (len(claim.tokens) or 1)


def _run(claim: Statement, source: Statement) -> int:
    """Return the longest run of the claim's adjacent words that the source has too."""
    theirs = bigrams(source.text)
    longest = run = 0
    for pair in pairwise(word.lower() for word in _WORD.findall(claim.text)):
        run = run + 1 if pair in theirs else 0
        longest = max(longest, run)
    return longest


def _typed(claim: Statement, best: Sequence[tuple[float, Statement]], f: dict[str, float]) -> None:
    values = [value for value in claim.values if value.kind is not ValueKind.QUOTED]
    theirs = [value for _, source in best for value in source.values]
    lone = [value for value in values if not any(compare(value, other).relation is Relation.EQUAL for other in theirs)]
    f["values missing"], f["values share"] = len(lone), len(lone) / (len(values) or 1)
    f["value conflicts"] = sum(
        any(compare(value, other).relation is Relation.CONFLICT for other in best[0][1].values) for value in lone
    )
    for share, source in best[:2]:
        opposition = oppose(source, claim)
        if opposition and opposition.score > f["opposition"]:
            f["opposition"] = opposition.score * min(1.0, share + 0.3)
            f["names conflict"] = float(opposition.kind == "name")
