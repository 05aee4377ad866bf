"""The embedded scorer: a linear model over a unit's features, int8 weights, plain Python.

Trained by `scripts/train_injection.py`; data, licences, figures and known failures are in `model/CARD.md`.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from ctxdebug.analysis.directives.cues import CUES, PLAIN_INSTRUCTION, TELLTALES, Mark, marks
from ctxdebug.analysis.directives.features import (
    STRUCTURE,
    WORD_BITS,
    Opening,
    alone,
    cue_columns,
    glance,
    lexicon,
    opening_of,
    shape_marks,
    structure,
    tokens,
)
from ctxdebug.analysis.directives.layout import Layout, layout
from ctxdebug.analysis.directives.units import Unit, lines, units_of
from ctxdebug.analysis.directives.words import CHUNKS, ByChunk, TextWords, words_in, words_of
from ctxdebug.records import record

WORDS = 1 << WORD_BITS
_CUE_NUMBER = {cue.name: number for number, cue in enumerate(CUES)}
STRUCTURE_SCALE = 1 / 3
"""A structure feature counts this much in training; the weights are learnt with it."""
NEIGHBOUR = 0.3
"""How much of a neighbouring unit's evidence a unit takes over: attacks run over several sentences."""
NEIGHBOUR_FROM = -1.0
"""The score (logit) above which a neighbour counts as evidence."""
ADJACENT = 8
"""Characters; units further apart are not neighbours."""
PLAIN = 1.0
"""How far above the threshold a unit with a textbook instruction stands, whatever the weights say."""
AROUND = 600
"""Characters on each side of a unit that may be an instruction in which every unit is scored."""
_CLOSE = 1.5
"""How much below the threshold such a unit's score may be."""
_MOST_WORDS = 50_000
"""Words whose weight is remembered."""
_MOST_WORDED = 4096
"""Wordings of one text that are remembered: the lines of a log or a table differ in their numbers only."""
_ROUNDING = 1e-9
"""How much the same sum may differ where it is added in another order."""
FLOOR = -12.0
"""The score of a unit without a single word that could give an instruction."""


class Channel(StrEnum):
    """How a text reached the model; each channel has its own threshold."""

    DATA = "data"
    USER = "user"


class Scored(NamedTuple):
    """A unit, its score (logit, neighbours counted in) and the marks that were found in it."""

    unit: Unit
    score: float
    marks: tuple[Mark, ...]


@record(frozen=True, slots=True)
class Weights:
    """One channel's weights: int8 tables with their scales; a score is a logit."""

    channel: Channel
    words: array[int]
    structure: array[int]
    word_scale: float
    structure_scale: float
    bias: float
    hope: float
    """Lines and units whose words weigh less together, those that speak against an instruction left out, are not looked at any further."""
    density: float
    """Nor are units for which the square of that, by the word, is less."""
    glance: float
    """Units whose words and word classes alone stay below are not looked at any further."""
    gate: float
    """Units whose score without cues stays below are not searched for cues."""
    threshold: float
    """A finding needs this."""


@cache
def weights(channel: Channel) -> Weights:
    """Return a channel's weights, read from the package on first use."""
    folder = Path(__file__).with_name("model")
    row: Mapping[str, float] = json.loads(folder.joinpath("model.json").read_text("utf-8"))["channels"][channel.value]
    raw = folder.joinpath(f"{channel.value}.int8").read_bytes()
    if len(raw) != WORDS + STRUCTURE:
        raise ValueError(f"the weights of channel {channel.value} do not fit this code; run scripts/train_injection.py")
    table = array("b", raw)
    return Weights(
        channel,
        table[:WORDS],
        table[WORDS:],
        row["word_scale"],
        row["structure_scale"],
        row["bias"],
        row["hope"],
        row["density"],
        row["glance"],
        row["gate"],
        row["threshold"],
    )


def scored_units(
    text: str, channel: Channel = Channel.DATA, page: Layout | None = None, read: TextWords | None = None
) -> list[Scored]:
    """Every unit of a text that may be an instruction, with its score, and those around them; in order of place."""
    model, read = weights(channel), read or TextWords(text)
    scorer = _Scorer(text, model, page)
    found = [scorer.scored(unit, words) for unit, words in _hopeful(text, model, read)]
    near = [(one.unit.start - AROUND, one.unit.end + AROUND) for one in found if one.score >= model.threshold - _CLOSE]
    if near:
        around = [scorer.scored(unit, words) for unit, words in _around(text, read, near)]
        found = sorted({one.unit: one for one in (*found, *around)}.values(), key=lambda one: one.unit)
    return _with_neighbours(found)


class _Scorer:
    """Scores the units of one text; what the words of a unit say is worked out once, wherever they stand."""

    def __init__(self, text: str, model: Weights, page: Layout | None) -> None:
        self._text = text
        self._model = model
        self._page = page
        self._known: dict[tuple[str, ...], _Worded] = {}

    def scored(self, unit: Unit, words: list[str]) -> Scored:
        """Return a unit with its score, its neighbours left out."""
        self._page = self._page or layout(self._text)
        key = tuple(["0" if word.isdigit() else word for word in words])  # to the model all numbers are one word
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST_WORDED:
                self._known.clear()
            known = self._known[key] = _worded(words, self._model)
        return _scored(self._text, unit, words, known, self._page, self._model)


def candidates(text: str) -> Iterator[tuple[Unit, list[str]]]:
    """Yield the units that hold at least one word that an instruction needs, with their tokens."""
    core = lexicon().core
    for begin, end in lines(text):
        for unit in units_of(text, begin, end):
            words = tokens(text[unit.start : unit.end])
            if len(words) > 1 and not core.isdisjoint(words):
                yield unit, words


def _hopeful(text: str, model: Weights, read: TextWords) -> Iterator[tuple[Unit, list[str]]]:
    """Yield the candidates whose words, each by itself, let an instruction be hoped for: most lines of most texts have none.

    A line is looked at before its units, since more words can only raise what speaks for it.
    """
    core, value, least, density = lexicon().core, _values(model.channel), model.hope, model.density
    bound = _bounds(model.channel)
    for begin, end, chunks in read.lines:
        if sum(map(bound.__getitem__, set(chunks))) < least - _ROUNDING:
            continue
        for unit in units_of(text, begin, end):
            held = chunks
            if unit.start != begin or unit.end != end:
                held = text[unit.start : unit.end].lower().split()
                if sum(map(bound.__getitem__, set(held))) < least - _ROUNDING:
                    continue
            words = words_in(held)
            if len(words) > 1 and not core.isdisjoint(words):
                hope = sum(map(value.__getitem__, set(words)))
                if hope >= least and hope * hope >= density * len(words):
                    yield unit, words


def _around(text: str, read: TextWords, near: list[tuple[int, int]]) -> Iterator[tuple[Unit, list[str]]]:
    """Yield every candidate of the lines that reach into a stretch: an attack goes on in words that say little by themselves."""
    core, place = lexicon().core, 0
    for begin, end, chunks in read.lines:
        while place < len(near) and near[place][1] <= begin:
            place += 1
        if place == len(near):
            return
        if near[place][0] >= end or core.isdisjoint(words_in(chunks)):
            continue
        for unit in units_of(text, begin, end):
            words = words_of(text[unit.start : unit.end])
            if len(words) > 1 and not core.isdisjoint(words):
                yield unit, words


class Values(dict[str, float]):
    """What each word weighs by itself, with its classes; 0 for one that speaks against an instruction. Made as words come."""

    def __init__(self, model: Weights) -> None:
        super().__init__()
        self._model = model

    def __missing__(self, word: str) -> float:
        if len(self) > _MOST_WORDS:
            self.clear()
        model = self._model
        column, classes = alone(word)
        total = model.word_scale * model.words[column]
        total += model.structure_scale * sum(map(model.structure.__getitem__, classes))
        self[word] = value = max(0.0, total)
        return value


@cache
def _values(channel: Channel) -> Values:
    return Values(weights(channel))


@cache
def _bounds(channel: Channel) -> ByChunk[float]:
    """Return what the words of a chunk weigh together: as much as they can add to a line."""
    value = _values(channel)

    def bound(chunk: str) -> float:
        words = CHUNKS[chunk]
        return value[words[0]] if len(words) == 1 else sum(map(value.__getitem__, set(words)))

    return ByChunk(bound)


def score(text: str, channel: Channel = Channel.DATA) -> float:
    """Return the highest unit score of a text."""
    return max((found.score for found in scored_units(text, channel)), default=FLOOR)


class _Worded:
    """What the words of a unit say of it, wherever it stands."""

    def __init__(self, total: float, seen: float, words: list[str], placed: list[tuple[int, int]]) -> None:
        self.total = total
        self.seen = seen
        """The total with the word classes alone."""
        self._words, self._placed = words, placed

    @cached_property
    def structure(self) -> set[int]:
        """Columns of its word classes and their order."""
        return structure(self._placed)

    @cached_property
    def opening(self) -> Opening:
        """What its words say of its look."""
        return opening_of(self._words)


def _worded(words: list[str], model: Weights) -> _Worded:
    first = glance(words)
    total = model.bias + model.word_scale * sum(map(model.words.__getitem__, first.words)) / len(first.words) ** 0.5
    classes = sum(map(model.structure.__getitem__, {number for _, number in first.placed}))
    return _Worded(total, total + model.structure_scale * classes, words, first.placed)


def _scored(text: str, unit: Unit, words: list[str], worded: _Worded, page: Layout, model: Weights) -> Scored:
    total, seen = worded.total, worded.seen
    table = model.structure
    plain = (
        model.channel is Channel.DATA
        and not TELLTALES.isdisjoint(words)
        and PLAIN_INSTRUCTION.search(text, unit.start, unit.end) is not None
    )
    if seen < model.glance and not plain:
        return Scored(unit, min(seen, NEIGHBOUR_FROM), ())
    marks_of_shape = shape_marks(text, unit.start, unit.end, len(words), worded.opening, page)
    total += model.structure_scale * sum(map(table.__getitem__, worded.structure | marks_of_shape))
    if total < model.gate and not plain:
        return Scored(unit, total, ())
    found = tuple(marks(text, unit.start, unit.end, words))
    extra = cue_columns([_CUE_NUMBER[mark.cue.name] for mark in found])
    total += model.structure_scale * sum(map(table.__getitem__, extra))
    return Scored(unit, max(total, model.threshold + PLAIN) if plain else total, found)


def _with_neighbours(row: list[Scored]) -> list[Scored]:
    pooled = [one.score for one in row]
    for index in range(len(row) - 1):
        one, other = row[index], row[index + 1]
        if other.unit.start - one.unit.end < ADJACENT:
            pooled[index] += NEIGHBOUR * max(0.0, other.score - NEIGHBOUR_FROM)
            pooled[index + 1] += NEIGHBOUR * max(0.0, one.score - NEIGHBOUR_FROM)
    return [one._replace(score=total) for one, total in zip(row, pooled, strict=True)]
