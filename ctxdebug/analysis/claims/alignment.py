"""A claim beside a sentence of the evidence, word by word: which words match, and which each side has alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.words import GENERIC, OPPOSITES, STEM, kinds, likes, weight_of
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_WORD = lazy(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SHORTENED = lazy(r"'(?:s|ll|re|ve|d|m)$")
"""What is left of a verb or a possessive behind a word: `you'll`, `the kettle's`."""
_BORDER = lazy(r"[,;:()—–]|\s-\s")
_JOINS = frozenset(
    "but however although though while whereas because if unless until when and since so which who that".split()
)
_NEGATORS = frozenset(
    "not no never none neither nor nobody nothing nowhere cannot without hardly barely scarcely "
    "lacks lacked lack excludes excluding except "
    "nicht kein keine keinen keiner keinem keines nie niemals ohne".split()
)
"""In English and in German, where a negation stands before what it denies as well."""
_NEGATING_VERBS = frozenset("fails failed fail refuses refused refuse stopped stops".split())
"""Verbs that negate a verb behind them: `failed to file`, `stopped filing`, but not `stopped his account`."""
_LIMITS = frozenset(
    "only just more less fewer later longer earlier greater older smaller larger than sooner "
    "nur mehr weniger länger später früher älter jünger größer".split()
)
_ASSENTS = frozenset("yes sure certainly absolutely".split())
"""First words that answer and say nothing of the subject."""
_SCOPE = 6
"""Content words that a negation reaches at most."""
_REACH = 3
"""Words behind one in which the content word is that it is about."""
_MOST = 80
"""Words of a sentence that are aligned."""


Difference: TypeAlias = tuple[str, float, tuple[int, int], tuple[int, int]]
"""Kind, score, and first and last word of both sides."""


@record(frozen=True, slots=True)
class Word:
    """A word of a sentence: as written, its content stem (empty for function words), its span, and its clause."""

    text: str
    low: str
    stem: str
    start: int
    end: int
    clause: int

    @property
    def capital(self) -> bool:
        """Whether it is written as a name is."""
        return self.text[:1].isupper()


def words_of(one: Statement) -> tuple[Word, ...]:
    """Return the words of a sentence outside its typed values, each with its clause."""
    text = one.outside if one.values else one.text
    found: list[Word] = []
    clause = end = 0
    for match in _WORD.finditer(text):
        written = match.group()
        low = written.lower().replace("’", "'")
        if _BORDER.search(text, end, match.start()) or low in _JOINS:
            clause += 1
        bare = _SHORTENED.sub("", low)
        stem = "" if not found and low in _ASSENTS else STEM[bare]
        found.append(Word(written, low, stem, match.start(), match.end(), clause))
        end = match.end()
        if len(found) >= _MOST:
            break
    return tuple(found)


def is_negator(word: Word) -> bool:
    """Whether a word negates what follows it."""
    return word.low in _NEGATORS or word.low.endswith("n't")


def _limits(words: Sequence[Word], at: int) -> bool:
    """Whether a negation sets a limit and denies nothing: `do not water it more than once a week`."""
    same = [word.low for word in words[at + 1 : at + 1 + 2 * _SCOPE] if word.clause == words[at].clause]
    return any(one in _LIMITS and after == "than" for one, after in pairwise(same))


def leads_to_limit(words: Sequence[Word], at: int) -> bool:
    """Whether a negation sets a limit and denies nothing: `must not exceed`, `may not fall below`, `not more than`."""
    following = [word.low for word in words[at + 1 : at + 3]]
    if following[:1] in (["exceed"], ["surpass"]) or following[1:] in (["below"], ["under"], ["beyond"], ["above"]):
        return True
    return _limits(words, at)


def negated(words: Sequence[Word]) -> frozenset[int]:
    """Positions of the content words that a negation reaches: those after it in its clause."""
    reached: set[int] = set()
    for at, word in enumerate(words):
        following = words[at + 1].low if at + 1 < len(words) else ""
        verb = word.low in _NEGATING_VERBS and (following == "to" or following.endswith("ing"))
        if not is_negator(word) and not verb:
            continue
        if following in _LIMITS and word.low in {"not", "no", "never", "cannot", "nicht"}:
            continue
        if leads_to_limit(words, at):
            continue
        left = _SCOPE
        for position in range(at + 1, len(words)):
            if words[position].clause != word.clause or not left:
                break
            if words[position].stem:
                reached.symmetric_difference_update({position})
                left -= 1
    return frozenset(reached)


@record(frozen=True)
class Alignment:
    """A claim and a sentence of the evidence; `pairs` maps positions of claim words to positions of evidence words."""

    claim: Statement
    source: Statement
    mine: tuple[Word, ...]
    theirs: tuple[Word, ...]
    pairs: dict[int, int]

    @cached_property
    def alone(self) -> tuple[int, ...]:
        """Content words of the claim that the sentence does not have."""
        return tuple(at for at, word in enumerate(self.mine) if word.stem and at not in self.pairs)

    @cached_property
    def other(self) -> tuple[int, ...]:
        """Content words of the sentence that the claim does not have."""
        taken = set(self.pairs.values())
        return tuple(at for at, word in enumerate(self.theirs) if word.stem and at not in taken)

    @cached_property
    def narrowing(self) -> frozenset[int]:
        """Words of the claim that narrow a thing whose whole kind the sentence names: `small` in `small dogs`, where it says `pets`."""
        found = set()
        for at, place in self.pairs.items():
            if self.theirs[place].stem in kinds(self.mine[at].stem):
                before = at - 1
                while before >= 0 and before in self.alone and self.mine[before].clause == self.mine[at].clause:
                    found.add(before)
                    before -= 1
        return frozenset(found)

    @cached_property
    def negated(self) -> frozenset[int]:
        """Negated words of the claim."""
        return negated(self.mine)

    @cached_property
    def negated_there(self) -> frozenset[int]:
        """Negated words of the evidence."""
        return negated(self.theirs)

    @cached_property
    def opposites(self) -> tuple[tuple[int, int], ...]:
        """Words that each side has alone and that are opposites."""
        return tuple(
            (x, y)
            for x in self.alone
            for y in self.other
            if self.theirs[y].stem in OPPOSITES[self.mine[x].stem] or self.theirs[y].low in OPPOSITES[self.mine[x].low]
        )

    def weight(self, positions: Sequence[int], *, there: bool = False) -> float:
        """Return the summed weight of some words, each stem once."""
        words = self.theirs if there else self.mine
        return weight_of({words[at].stem for at in positions})

    def covered(self, without: Sequence[int] = ()) -> float:
        """Share of the claim's content that the sentence has, some positions left out of the count."""
        shared = self.weight(tuple(self.pairs))
        lone = self.weight([at for at in self.alone if at not in without and at not in self.narrowing])
        return shared / (shared + lone) if shared else 0.0

    def before(self, at: int, *, there: bool = False) -> int | None:
        """Return the position of the content word before a position."""
        words = self.theirs if there else self.mine
        return next((place for place in range(at - 1, -1, -1) if words[place].stem), None)

    def after(self, at: int, *, there: bool = False) -> int | None:
        """Return the position of the content word after a position."""
        words = self.theirs if there else self.mine
        return next((place for place in range(at + 1, len(words)) if words[place].stem), None)

    def same_place(self, mine: tuple[int, int], theirs: tuple[int, int]) -> int:
        """How many neighbours (0 to 2) of two runs of words match: two where they are in one and the same slot."""
        before, after = self.before(mine[0]), self.after(mine[1])
        prior, next_ = self.before(theirs[0], there=True), self.after(theirs[1], there=True)
        left = prior == (None if before is None else self.pairs.get(before, -1))
        right = next_ == (None if after is None else self.pairs.get(after, -1))
        return left + right


def word_at(words: Sequence[Word], start: int) -> int | None:
    """Return the position of the first word that begins at a place or behind it."""
    return next((at for at, word in enumerate(words) if word.start >= start), None)


def next_content(words: Sequence[Word], at: int) -> int | None:
    """Return the position of the next content word, one of three at most."""
    return next((place for place in range(at + 1, min(len(words), at + 1 + _REACH)) if words[place].stem), None)


def _before(words: Sequence[Word], at: int) -> int:
    """Return the position of the content word before one; -2 at the beginning."""
    return next((place for place in range(at - 1, -1, -1) if words[place].stem), -2)


def align(claim: Statement, source: Statement) -> Alignment:
    """Match the words of a claim with those of a sentence: equal stems first, then words of like meaning or of a wider one."""
    mine, theirs = words_of(claim), words_of(source)
    places: dict[str, list[int]] = {}
    for at, word in enumerate(theirs):
        if word.stem:
            places.setdefault(word.stem, []).append(at)
    shared = [0] * (theirs[-1].clause + 1 if theirs else 1)
    for stem in {word.stem for word in mine} & places.keys():
        for clause in {theirs[at].clause for at in places[stem]}:
            shared[clause] += 1
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    last = -1
    for at, word in enumerate(mine):
        free = [place for place in places.get(word.stem, ()) if place not in taken] if word.stem else []
        if free:
            best = max(free, key=lambda place: (last == _before(theirs, place), shared[theirs[place].clause], -place))
            pairs[at] = best
            taken.add(best)
        elif word.stem in places:
            pairs[at] = places[word.stem][0]  # said twice
        last = pairs.get(at, -1) if word.stem else last
    for at, word in enumerate(mine):
        if not word.stem or at in pairs or word.stem in GENERIC:
            continue
        near = likes(word.stem) | kinds(word.stem)
        if near.isdisjoint(places):
            continue
        like = next((place for place, other in enumerate(theirs) if other.stem in near and place not in taken), None)
        if like is not None:
            pairs[at] = like
            taken.add(like)
    return Alignment(claim, source, mine, theirs, pairs)
