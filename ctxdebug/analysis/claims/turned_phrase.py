"""A phrase that one side denies and the other states, or a thing that one side demands and the other leaves open.

Where the phrase itself is the same word for word, it decides, however much else the two sentences say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxdebug.analysis.claims.alignment import Alignment, Difference, Word, is_negator, leads_to_limit, word_at
from ctxdebug.analysis.claims.markers import marked
from ctxdebug.analysis.claims.words import weight_of

_SURE = 0.86
_HEAVY = 1.0
"""Weight of the words of a denied phrase, at least."""
_SEVERAL = 2
"""Content words of a phrase, at least."""
_REACH = 6
"""Words between what demands and what is demanded, at most."""
_OPEN = frozenset("optional recommended voluntary encouraged unnecessary".split())


def differences(one: Alignment) -> Iterator[Difference]:
    """Every phrase that is turned round."""
    yield from _denied(one)
    yield from _demanded(one)


def _denied(one: Alignment) -> Iterator[Difference]:
    """`do not cut back in autumn` against `cut it back in autumn and …`: all words of the denial, one behind the other."""
    if one.negated or any(map(is_negator, one.mine)) or any(one.mine[at].capital and at for at in one.alone):
        return
    for at, word in enumerate(one.theirs):
        if not is_negator(word) or leads_to_limit(one.theirs, at) or word.low in {"without", "neither", "nor"}:
            continue
        if any(one.theirs[place].capital for place in one.other if 0 < place < at):
            continue  # somebody else denies it
        scope = [
            place
            for place in range(at + 1, len(one.theirs))
            if one.theirs[place].clause == word.clause and one.theirs[place].stem
        ]
        back = {place: position for position, place in one.pairs.items()}
        mine = [back[place] for place in scope if place in back]
        if len(scope) < _SEVERAL or len(mine) != len(scope) or scope[0] - at > _SEVERAL:
            continue
        here = one.mine[mine[0]].clause
        together = all(one.mine[place].clause == here for place in mine) and mine == sorted(mine)
        if together and weight_of({one.theirs[place].stem for place in scope}) >= _HEAVY and _without_gap(one, mine):
            yield "negation", _SURE, (mine[0], mine[-1]), (at, scope[-1])
            return


def _without_gap(one: Alignment, places: Sequence[int]) -> bool:
    """Whether no other content word stands between the words of a phrase."""
    return not any(one.mine[place].stem and place not in places for place in range(places[0], places[-1]))


def _demanded(one: Alignment) -> Iterator[Difference]:
    """`must show a medical certificate` against `a medical certificate is optional`, and the other way round."""
    for options, duties, words, others, mine in (
        (one.claim.text, one.source.text, one.mine, one.theirs, True),
        (one.source.text, one.claim.text, one.theirs, one.mine, False),
    ):
        spans = [span for span in marked("option", options) if options[slice(*span)].lower() in _OPEN]
        demands = marked("obligation", duties) if spans and not marked("option", duties) else []
        if not demands or marked("obligation", options):
            continue
        x, y = word_at(words, spans[0][0]), word_at(others, demands[0][0])
        run = _named_before(one, words, x, mine=mine) if x is not None else []
        if x is None or y is None or len(run) < _SEVERAL:
            continue
        there = [one.pairs[place] if mine else next(p for p, q in one.pairs.items() if q == place) for place in run]
        if y < min(there) and max(there) - y <= _REACH and others[there[0]].clause == others[y].clause:
            yield "modality", _SURE, (x, x) if mine else (y, y), (y, y) if mine else (x, x)
            return


def _named_before(one: Alignment, words: Sequence[Word], at: int, *, mine: bool) -> list[int]:
    """Return the first content words of the sentence, up to a marker, as far as they are matched and stand together."""
    matched = set(one.pairs) if mine else set(one.pairs.values())
    run: list[int] = []
    for place in range(at):
        if words[place].stem and place in matched:
            run.append(place)
        elif words[place].stem or (run and words[place].low not in {"the", "a", "an"}):
            break
    return run
