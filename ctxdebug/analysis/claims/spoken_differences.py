"""In what a sentence in another language than English contradicts one in the same language.

A difference counts where the rest agrees: negation, permission, duty, the side of a limit, before and after, all and some, a word of
a closed class (weekday, month) and its neighbour, an opposite. Where a condition or an exception is said, nothing is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.contradiction import Contradiction
from ctxdebug.analysis.claims.spoken import SpokenClause, akin, opposites
from ctxdebug.analysis.claims.spoken_pair import SpokenPair
from ctxdebug.analysis.claims.units import NUMBER_WORDS_ELSEWHERE
from ctxdebug.analysis.claims.value import NUMERIC, ValueKind
from ctxdebug.analysis.claims.values import values
from ctxdebug.text.patterns import lazy

_MOST_OF_IT = 0.75
"""Share of a claim's content words that the other side has, for a word that turns it round to decide."""
_HALF = 0.5
_CLOSE = 14
"""Characters between a limit and its value, at most."""
_COUNT = lazy(r"\s{1,2}(?:de |von )?([^\W_]{1,14})\b")
_FEWEST = 2
"""Content words that are said of one thing, for a value of it to be compared."""
_SCORE = 0.85


Kind = Callable[[SpokenPair], Iterator[Contradiction]]


def spoken_differences(pair: SpokenPair) -> Iterator[Contradiction]:
    """Yield every contradiction of a claim's clause and one of the evidence."""
    if not pair.pairs and not pair.same_values:
        return
    for kind in _KINDS:
        yield from kind(pair)


def _turned(clause: SpokenClause) -> list[tuple[int, int]]:
    """Return the words that turn a clause round; `nicht verboten` has two."""
    asked = [(clause.start, clause.start)] if clause.denied else []
    return sorted(asked + clause.spans("negation") + clause.spans("forbidden"))


def _is_guarded(pair: SpokenPair) -> bool:
    return any(SpokenClause(one.text, one.language, 0, len(one.text)).has("guard") for one in (pair.claim, pair.source))


def _polarity(pair: SpokenPair) -> Iterator[Contradiction]:
    """`sind erlaubt` against `sind nicht erlaubt`, `sind verboten`."""
    mine, theirs = _turned(pair.claim), _turned(pair.source)
    if bool(mine) == bool(theirs) or len(mine or theirs) > 1 or _is_guarded(pair) or not pair.agrees:
        return
    if pair.claim.has("option", "at_least", "at_most", "all") or pair.source.has(
        "option", "at_least", "at_most", "all"
    ):
        return
    if pair.source.values and len(pair.source.values) != len(pair.claim.values):
        return
    turned, (start, end) = (pair.claim, mine[0]) if mine else (pair.source, theirs[0])
    permission = turned.spans("permitted") or turned.spans("forbidden")
    if permission:
        straight = pair.source if mine else pair.claim
        heads = straight.has("permitted") or (pair.covered() == 1.0 and pair.covers() == 1.0)
    else:
        word = turned.after(end) or turned.before(start)
        heads = pair.matched(word, there=not mine)
    if mine and pair.at(mine[0], None).covered() < _MOST_OF_IT:
        return
    if theirs and pair.at(None, theirs[0]).covers() < _HALF:
        return
    if heads and pair.covered() >= _MOST_OF_IT and pair.covers() >= (_HALF if pair.claim.is_whole else 1.0):
        yield Contradiction("negation", _SCORE, *_spans(pair, mine[0] if mine else None, theirs[0] if theirs else None))


def _duty(pair: SpokenPair) -> Iterator[Contradiction]:
    """`ist freiwillig` against `ist zwingend erforderlich`, `muss nicht` against `muss`."""
    for one, other in (
        ("obligation", "option"),
        ("option", "obligation"),
        ("option", "must"),
        ("must", "option"),
        ("obligation", "may"),
    ):
        mine = [
            span for span in pair.claim.spans(one) if one == "option" or not _inside(span, pair.claim.spans("option"))
        ]
        theirs = [
            span
            for span in pair.source.spans(other)
            if other == "option" or not _inside(span, pair.source.spans("option"))
        ]
        if not mine or not theirs or not pair.agrees or _is_guarded(pair):
            continue
        if one in {"obligation", "must"} and pair.claim.has("option"):
            continue
        if other in {"obligation", "must", "may"} and (pair.source.has("option") or _denied(pair.source)):
            continue
        if one != "option" and _denied(pair.claim):
            continue
        least = _HALF if one == "obligation" and other == "may" else _MOST_OF_IT
        if pair.at(mine[0], theirs[0]).covered() < least:
            continue
        if pair.pairs and pair.covered() > least - 0.01 and pair.covers() >= _HALF:
            yield Contradiction("modality", _SCORE, *_spans(pair, mine[0], theirs[0]))
            return


def _denied(clause: SpokenClause) -> bool:
    return clause.has("negation")


def _limit(pair: SpokenPair) -> Iterator[Contradiction]:
    """`mindestens 8` against `höchstens 8`."""
    if pair.claim.has("ahead") or pair.source.has("ahead"):
        return
    yield from _limit_in_words(pair)
    for value in pair.claim.values:
        for other in pair.source.values:
            if (
                value.kind is not other.kind
                or value.kind not in NUMERIC
                or (value.low, value.unit) != (other.low, other.unit)
            ):
                continue
            for one, opposed in (("at_least", "at_most"), ("at_most", "at_least")):
                mine, theirs = (
                    _at(pair.claim, one, value.start, value.end),
                    _at(pair.source, opposed, other.start, other.end),
                )
                if mine is not None and theirs is not None and not _at(pair.source, one, other.start, other.end):
                    yield Contradiction("limit", _SCORE, (mine[0], value.end), (theirs[0], other.end))
                    return


def _limit_in_words(pair: SpokenPair) -> Iterator[Contradiction]:
    """`mindestens drei Monatsmieten` against `höchstens drei Monatsmieten`."""
    for one, opposed in (("at_least", "at_most"), ("at_most", "at_least")):
        for mine in pair.claim.spans(one):
            count = _counted(pair.claim, mine[1])
            theirs = next(
                (span for span in pair.source.spans(opposed) if count == _counted(pair.source, span[1])), None
            )
            if count is not None and theirs is not None and len(pair.pairs) > 1:
                yield Contradiction("limit", _SCORE, mine, theirs)
                return


def _counted(clause: SpokenClause, end: int) -> float | None:
    """Return the number that a word behind a place says, or that it is written with."""
    word = _COUNT.match(clause.text, end)
    if word is None or word.end() > clause.end:
        return None
    written = word[1].lower()
    return float(written) if written.isdecimal() else NUMBER_WORDS_ELSEWHERE.get(written)


def _at(clause: SpokenClause, label: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the words of a limit that stand right before a value, or right behind it."""
    return next(
        (span for span in clause.spans(label) if 0 <= start - span[1] <= 2 or 0 <= span[0] - end <= _CLOSE), None
    )


def _order(pair: SpokenPair) -> Iterator[Contradiction]:
    """`48 heures avant le départ` against `48 heures après le départ`."""
    if pair.claim.has("negation") or pair.source.has("negation"):
        return
    for one, opposed in (("before", "after"), ("after", "before")):
        mine, theirs = pair.claim.spans(one), pair.source.spans(opposed)
        if len(mine) != 1 or len(theirs) != 1 or pair.claim.has(opposed) or pair.source.has(one):
            continue
        event = pair.same(pair.claim.after(mine[0][1]), pair.source.after(theirs[0][1]))
        timed = any(
            value.kind is ValueKind.DURATION
            and 0 <= mine[0][0] - value.end <= 2
            and any(other.kind is value.kind and 0 <= theirs[0][0] - other.end <= 2 and value.low == other.low for other in pair.source.values)
            for value in pair.claim.values
        )  # fmt: skip
        if event and (timed or (pair.covered() >= _MOST_OF_IT and pair.agrees and len(pair.pairs) > 1)):
            yield Contradiction("order", _SCORE, mine[0], theirs[0])
            return


def _quantifier(pair: SpokenPair) -> Iterator[Contradiction]:
    """`alle Zimmer` against `einige Zimmer`, `nur einige Zimmer` against `alle Zimmer`."""
    if pair.claim.has("negation") or pair.source.has("negation"):
        return
    for wide, narrow in (("all", "some"), ("some", "all")):
        if pair.claim.has(narrow) or pair.source.has(wide) or (wide == "some" and not pair.claim.has("guard")):
            continue
        for mine in pair.claim.spans(wide):
            for theirs in pair.source.spans(narrow):
                same = pair.same(pair.claim.after(mine[1]), pair.source.after(theirs[1]))
                if same and pair.covered() >= _MOST_OF_IT and len(pair.pairs) > 1:
                    yield Contradiction("quantifier", _SCORE, mine, theirs)
                    return


def _closed_class(pair: SpokenPair) -> Iterator[Contradiction]:
    """`montags geschlossen` against `dienstags geschlossen`."""
    if _turned(pair.claim) or _turned(pair.source) or _is_guarded(pair) or not pair.agrees:
        return
    for name in ("weekday", "month"):
        mine, theirs = pair.claim.of_class(name), pair.source.of_class(name)
        lone, other = mine.keys() - theirs.keys(), theirs.keys() - mine.keys()
        if not len(lone) == len(other) == 1 or len(mine) != len(theirs):
            continue
        x, y = mine[lone.pop()], theirs[other.pop()]
        rest = len(pair.claim.words) + len(pair.claim.values) - len(mine)
        if rest and pair.covered((x,)) >= _MOST_OF_IT + 0.05 and pair.covers((y,)) >= _HALF:
            yield Contradiction(name, _SCORE, (x.start, x.end), (y.start, y.end))


def _opposites(pair: SpokenPair) -> Iterator[Contradiction]:
    """`geöffnet` against `geschlossen`, of the same thing at the same time."""
    if _turned(pair.claim) or _turned(pair.source) or _is_guarded(pair) or not pair.agrees:
        return
    known = opposites(pair.claim.language)
    for at, one in enumerate(pair.claim.words):
        for place, other in enumerate(pair.source.words):
            if at in pair.pairs or place in pair.pairs.values() or (one.text.lower(), other.text.lower()) not in known:
                continue
            if pair.covered((one,)) == 1.0 and pair.covers((other,)) >= _HALF:
                yield Contradiction("antonym", _SCORE, (one.start, one.end), (other.start, other.end))
                return


def _value(pair: SpokenPair) -> Iterator[Contradiction]:
    """`kostet 4,50 Euro` against `kostet 5,40 Euro`: all that is said of one thing is the same, but one value of a kind."""
    mine, theirs = pair.claim.values, pair.source.values
    if len(pair.pairs) < _FEWEST or len(pair.pairs) < len(pair.claim.words) or _is_guarded(pair):
        return
    if bool(_turned(pair.claim)) != bool(_turned(pair.source)):
        return
    for value in mine:
        like = [one for one in theirs if one.kind is value.kind]
        if any(compare(value, one).relation is Relation.EQUAL for one in values(pair.source.text)):
            continue
        alone = len(like) == 1 == sum(one.kind is value.kind for one in mine) and value.bound is like[0].bound
        if alone and compare(value, like[0]).relation is Relation.CONFLICT and pair.same_values == len(mine) - 1:
            yield Contradiction(value.kind.value, _SCORE, (value.start, value.end), (like[0].start, like[0].end))


def _condition(pair: SpokenPair) -> Iterator[Contradiction]:
    """`aucun accord n'est nécessaire` against `n'est possible qu'avec l'accord du chef`, of the same day or thing."""
    for mine in pair.claim.spans("needless"):
        for theirs in pair.source.spans("only_with"):
            condition = pair.source.after(theirs[1])
            spoken = pair.claim.around(mine[0])
            named = condition is not None and any(akin(one.stem, condition.stem) for one in spoken.words)
            if condition is not None and named and len(pair.pairs) > 1:
                yield Contradiction("condition", _SCORE, mine, (theirs[0], condition.end))
                return


def _inside(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] < end for start, end in others)


def _spans(
    pair: SpokenPair, mine: tuple[int, int] | None, theirs: tuple[int, int] | None
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return both places of a difference: the word that turns a side round, or what the side says."""

    def place(clause: SpokenClause, span: tuple[int, int] | None) -> tuple[int, int]:
        words = clause.words
        return span or ((words[0].start, words[-1].end) if words else (clause.start, clause.end))

    return place(pair.claim, mine), place(pair.source, theirs)


_KINDS: tuple[Kind, ...] = (
    _polarity,
    _duty,
    _limit,
    _order,
    _quantifier,
    _closed_class,
    _opposites,
    _value,
    _condition,
)
