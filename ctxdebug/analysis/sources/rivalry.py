"""Whether two sources answer one question differently: features of a small learned score.

The other sources of the question are heard too: where two near-duplicates differ in one phrase, the two phrases are
rival answers, and every other source that holds one of them takes a side.
"""

from __future__ import annotations

from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.opposition import oppose
from ctxdebug.analysis.claims.words import weight_of
from ctxdebug.analysis.sources.panel import Panel, Voice
from ctxdebug.analysis.sources.question import Asked, Candidate

FEATURES: tuple[str, ...] = (
    "low coverage", "high coverage", "low names", "high names", "low fit", "high fit", "best equal", "best conflict", "shared candidates",
    "shared fit",
    "candidates", "alike", "contained", "twins", "twin sides", "twin agree", "own twin", "own twin weight", "opposition", "opposed coverage",
    "dates", "numbers", "named", "yes no", "low length", "high length", "rare shared", "left only shared", "vote sides", "vote agree",
    "sides", "agrees", "title alike", "twin sides dates", "conflict dates", "conflict numbers", "equal dates", "equal numbers",
    "question twins", "same text",
    "own typed", "sides typed", "vote typed", "own changes", "identical", "identical typed", "few changes", "agree typed", "third parties",
    "own phrase twice",
    "low phrase", "high phrase", "first shared", "low second", "relevant alike",
)  # fmt: skip
_APART = ("twin sides", "vote sides", "sides typed")
_TOGETHER = ("twin agree", "vote agree", "agree typed")


def pair_features(made: Panel, left: int, right: int) -> list[float]:
    """Return the features of `FEATURES` for two sources of the panel."""
    f = dict.fromkeys(FEATURES, 0.0)
    a, b = made.voices[left], made.voices[right]
    for name, x, y in (
        ("coverage", a.cover, b.cover),
        ("names", a.names, b.names),
        ("phrase", a.phrase, b.phrase),
        ("length", len(a.text) / 1000, len(b.text) / 1000),
    ):
        f["low " + name], f["high " + name] = min(x, y), max(x, y)
    asked = made.question.asked
    f["dates"], f["numbers"], f["yes no"] = (
        float(asked is Asked.DATE),
        float(asked is Asked.NUMBER),
        float(asked is Asked.YES_NO),
    )
    f["named"] = float(asked in {Asked.NAME, Asked.OTHER})
    _compare_offers(a, b, f)
    union, shared = a.stems | b.stems, a.stems & b.stems
    f["alike"] = len(shared) / (len(union) or 1)
    f["contained"] = len(shared) / (min(len(a.stems), len(b.stems)) or 1)
    f["rare shared"] = weight_of(shared - made.question.stems) / 20
    f["same text"] = float(a.text == b.text)
    heads = (
        {stem for one in a.statements[:1] for stem in one.stems},
        {stem for one in b.statements[:1] for stem in one.stems},
    )
    f["title alike"] = len(heads[0] & heads[1]) / (len(heads[0] | heads[1]) or 1)
    _twin_features(made, left, right, f)
    texts = {one.text for one in a.statements} & {one.text for one in b.statements}
    f["identical"] = len(texts) / (min(len(a.statements), len(b.statements)) or 1)
    f["identical typed"] = f["identical"] * f["own typed"]
    _opposed(a, b, f)
    for side in ("dates", "numbers"):
        f["conflict " + side] = f["best conflict"] * f[side]
        f["equal " + side] = f["best equal"] * f[side]
    f["twin sides dates"] = f["twin sides"] * (f["dates"] + f["numbers"])
    return [f[name] for name in FEATURES]


def _compare_offers(a: Voice, b: Voice, f: dict[str, float]) -> None:
    if a.offers and b.offers:
        x, y = a.offers[0], b.offers[0]
        f["low fit"], f["high fit"] = min(x.fit, y.fit), max(x.fit, y.fit)
        relation = relate(x, y)
        f["best equal"] = float(relation is Relation.EQUAL) * min(x.fit, y.fit)
        f["best conflict"] = float(relation is Relation.CONFLICT) * min(x.fit, y.fit)
        f["first shared"] = float(any(relate(x, other) is Relation.EQUAL for other in b.offers[:3])) + float(
            any(relate(y, other) is Relation.EQUAL for other in a.offers[:3])
        )
        f["low second"] = min(
            a.offers[1].fit if len(a.offers) > 1 else 0.0, b.offers[1].fit if len(b.offers) > 1 else 0.0
        )
        stems_a, stems_b = x.statement.stems, y.statement.stems
        f["relevant alike"] = len(stems_a & stems_b) / (len(stems_a | stems_b) or 1)
    shared = [(x, y) for x in a.offers for y in b.offers if relate(x, y) is Relation.EQUAL]
    f["shared candidates"] = len(shared)
    f["shared fit"] = max((min(x.fit, y.fit) for x, y in shared), default=0.0)
    f["candidates"] = min(len(a.offers), len(b.offers))
    f["sides"] = sum(x.fit for x in a.offers[:2] if f" {x.key} " not in b.text) + sum(
        y.fit for y in b.offers[:2] if f" {y.key} " not in a.text
    )
    f["agrees"] = sum(x.fit for x in a.offers[:2] if f" {x.key} " in b.text) + sum(
        y.fit for y in b.offers[:2] if f" {y.key} " in a.text
    )


def relate(x: Candidate, y: Candidate) -> Relation:
    """Two candidates: typed values by their comparison, names by their words."""
    if x.value and y.value:
        return compare(x.value, y.value).relation
    if x.value or y.value:
        return Relation.INCOMPARABLE
    left, right = set(x.key.split()), set(y.key.split())
    return Relation.EQUAL if left <= right or right <= left else Relation.CONFLICT


def _twin_features(made: Panel, left: int, right: int, f: dict[str, float]) -> None:
    f["question twins"] = made.twin_weight
    for twin in made.twins_of.get(frozenset((left, right)), ()):
        f["own twin"] += 1
        f["own twin weight"] = max(f["own twin weight"], twin.weight)
        f["own changes"] += twin.changes
        f["own typed"] = max(f["own typed"], twin.weight * twin.typed)
        if twin.typed and twin.changes <= 2:
            f["few changes"] = max(f["few changes"], twin.weight / twin.changes)
            f["own phrase twice"] += 1
    both = 1 << left | 1 << right
    pair = frozenset((left, right))
    for sides in made.sides:
        if (sides.first | sides.second) & both != both:
            continue
        apart = bool(sides.first >> left & 1) != bool(sides.first >> right & 1)
        key, vote, typed = _APART if apart else _TOGETHER
        f[key] = max(f[key], sides.strongest)
        f[vote] += sides.votes
        if sides.typed:
            f[typed] = max(f[typed], sides.strongest_typed)
            f["vote typed"] += (1 if apart else -1) * sides.typed_votes
            f["third parties"] += 0 if sides.pair == pair else (1 if apart else -1) * sides.typed
    f["twins"] = f["twin sides"] - f["twin agree"]


def _opposed(a: Voice, b: Voice, f: dict[str, float]) -> None:
    relevant_b = sorted(zip(b.covers, b.statements, strict=True), key=lambda row: -row[0])[:6]
    for cover, one in sorted(zip(a.covers, a.statements, strict=True), key=lambda row: -row[0])[:6]:
        for other_cover, other in relevant_b:
            if len(one.stems & other.stems) >= 2:
                opposition = oppose(one, other)
                if opposition and opposition.score > f["opposition"]:
                    f["opposition"], f["opposed coverage"] = (
                        opposition.score,
                        opposition.score * min(cover, other_cover),
                    )
