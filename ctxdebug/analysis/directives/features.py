"""What the scorer sees of a unit: hashed words, word classes in order, and marks of shape.

The same code makes the features in training and at run time, so the two cannot drift apart.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from ctxdebug.analysis.directives.layout import SHAPES, Layout
from ctxdebug.text.patterns import lazy
from ctxdebug.text.stored import digest_of, stored

WORD_BITS = 17
"""Words and word pairs are hashed to 2**17 weights."""
CLASSES = 64
PAIRS = CLASSES
TRIPLES = PAIRS + CLASSES * CLASSES
TRIPLE_BITS = 13
SHAPE_MARKS = TRIPLES + (1 << TRIPLE_BITS)
CUE_MARKS = SHAPE_MARKS + 512
CUE_PAIRS = CUE_MARKS + 64
STRUCTURE = CUE_PAIRS + 64 * 32
"""The number of structure weights: classes, ordered pairs, triples, shape marks, cues, pairs of cues."""

_TOKEN = lazy(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*|\d+|[!?$@<>|#*=]+")
_RULER = lazy(r"----|====|\+\+\+\+|\*\*\*\*|####|~~~~|//>>|###")
_VOWEL = lazy(r"[aeiouy013]+")
_DOUBLE = lazy(r"([a-z])\1")
_MASK = (1 << WORD_BITS) - 1
_TRIPLE_MASK = (1 << TRIPLE_BITS) - 1
_REACH = 6
"""Words; a pair of classes further apart than this says nothing."""
_VERBS = ("override", "obey", "transfer", "destructive", "act", "say", "compute")
_CORE = ("override", "instruction", "task", "assistant", "you", "me", "ask", "must", "transfer", "destructive", "act", "say",
         "compute", "persona", "ruleless", "secrecy", "insertcode", "reply_word", "policyword", "what", "obey")  # fmt: skip
_LEADS = frozenset(
    "please kindly now then first also next and just important todo fixme note attention finally hey instead".split()
)


class Lexicon(NamedTuple):
    """Word classes: the classes of a word (or of two words with a blank), the class numbers by name.

    `skeletons` are long class words without their vowels: they catch a misspelt "iunstructions".
    """

    classes: dict[str, tuple[int, ...]]
    pairs: dict[str, tuple[int, ...]]
    skeletons: dict[str, tuple[int, ...]]
    openers: frozenset[str]
    numbers: dict[str, int]
    core: frozenset[str]
    verbs: frozenset[int]


def cue_columns(cues: list[int]) -> set[int]:
    """Return the structure columns of the cues (by number, ascending) that were found in a unit."""
    columns = {CUE_MARKS + cue for cue in cues}
    columns.update(CUE_PAIRS + a * 32 + b for i, a in enumerate(cues) for b in cues[i + 1 :])
    return columns


class Features(NamedTuple):
    """Column numbers of a unit's features, each once."""

    words: set[int]
    structure: set[int]


@cache
def lexicon() -> Lexicon:
    """Return the word classes from `model/lexicon.txt`, as an earlier run read them where that is kept."""
    path = Path(__file__).parent / "model" / "lexicon.txt"
    return Lexicon(*stored("word classes", digest_of(Path(__file__), path), lambda: tuple(_read(path))))


def _read(path: Path) -> Lexicon:
    rows = path.read_text("utf-8").splitlines()
    numbers: dict[str, int] = {}
    found: dict[str, list[int]] = {}
    for row in rows:
        if row and not row.startswith("#"):
            name, _, words = row.partition(": ")
            numbers[name] = number = len(numbers)
            for word in words.split():
                found.setdefault(word.replace("_", " "), []).append(number)
    single = {word: tuple(classes) for word, classes in found.items() if " " not in word}
    double = {word: tuple(classes) for word, classes in found.items() if " " in word}
    core_numbers = {numbers[name] for name in _CORE}
    core = {
        part for word, classes in found.items() if core_numbers.intersection(classes) for part in word.split(" ")[:1]
    }
    skeletons = {skeleton(word): classes for word, classes in single.items() if len(word) > 7 and word.isascii()}
    return Lexicon(
        single,
        double,
        skeletons,
        frozenset(pair.split(" ")[0] for pair in double),
        numbers,
        frozenset(core),
        frozenset(numbers[name] for name in _VERBS),
    )


def skeleton(word: str) -> str:
    """Return a word without its vowels and doubled letters; the first letter stays."""
    return _DOUBLE.sub(r"\1", word[:1] + _VOWEL.sub("", word[1:]))


def tokens(text: str) -> list[str]:
    """Return the words, numbers and mark runs of a text, in lower case."""
    return _TOKEN.findall(text.lower())


def _hash(word: str) -> int:
    return crc32(b"0" if word.isdigit() else word.encode("utf-8", "replace"))


class _Word(NamedTuple):
    """What a word gives wherever it stands: its column, its parts of a pair's hash (first, second), its classes."""

    column: int
    first: int
    second: int
    classes: tuple[int, ...]
    opens: bool
    """Whether it may begin a class of two words."""
    telling: bool
    """Whether it has classes or may begin one."""


class _Words(dict[str, _Word]):
    """Words seen before; emptied when it grows too large."""

    def __missing__(self, word: str) -> _Word:
        if len(self) > 50_000:
            self.clear()
        known, value = lexicon(), _hash(word)
        classes = known.classes.get(word, ())
        if not classes and len(word) > 7 and len(bones := skeleton(word)) > 5:
            classes = known.skeletons.get(bones, ())  # misspelt
        made = _Word(
            value & _MASK,
            value * 0x9E3779B1,
            value * 0x85EBCA6B,
            classes,
            word in known.openers,
            bool(classes) or word in known.openers,
        )
        self[word] = made
        return made


_WORDS = _Words()


def alone(word: str) -> tuple[int, set[int]]:
    """Return the column of a word by itself, and its classes."""
    known = _WORDS[word]
    return known.column, set(known.classes)


class Glance(NamedTuple):
    """What a first look at a unit shows: word columns, and its word classes with their places, in order."""

    words: set[int]
    placed: list[tuple[int, int]]


def glance(words: list[str]) -> Glance:
    """Return a first look at a unit whose tokens are `words`."""
    row = list(map(_WORDS.__getitem__, words))
    found = {one[0] for one in row}
    found.update([one[1] + other[2] >> 7 & _MASK for one, other in pairwise(row)])
    telling = [index for index, one in enumerate(row) if one[5]]
    placed = [(index, number) for index in telling for number in row[index][3]]
    opening = [index for index in telling if row[index][4] and index + 1 < len(row)]
    if opening:
        pairs = lexicon().pairs
        added = [(index, number) for index in opening for number in pairs.get(f"{words[index]} {words[index + 1]}", ())]
        if added:
            placed = sorted([*placed, *added], key=itemgetter(0))
    return Glance(found, placed)


def features(text: str, start: int, end: int, words: list[str], layout: Layout) -> Features:
    """Return the features of the unit at `start` to `end`, whose tokens are `words`."""
    first = glance(words)
    return Features(
        first.words, structure(first.placed) | shape_marks(text, start, end, len(words), opening_of(words), layout)
    )


def structure(placed: list[tuple[int, int]]) -> set[int]:
    """Columns of word classes, of ordered pairs and of triples within reach."""
    found = {number for _, number in placed}
    last = len(placed)
    for i, (index, number) in enumerate(placed):
        base = PAIRS + number * CLASSES
        previous, before = -1, index
        for j in range(i + 1, last):
            place, other = placed[j]
            if place - index > _REACH:
                break
            found.add(base + other)
            if previous >= 0 and place > before > index:
                found.add(TRIPLES + ((number * 4099 + previous * 67 + other) * 0x9E3779B1 >> 9 & _TRIPLE_MASK))
            previous, before = other, place
    return found


class Opening(NamedTuple):
    """What the words of a unit say of its look, wherever it stands; a number for another changes nothing of it."""

    columns: frozenset[int]
    imperative: bool
    prose: bool
    led: bool
    """Whether words that only lead (`please`, `then`) stand before its first one."""
    your: bool
    you: bool
    my: bool


def opening_of(words: list[str]) -> Opening:
    """Return what the words of a unit say of its look."""
    known = lexicon()
    plain = sum(map(str.isalpha, words))
    leading = words[0] if words[0][0].isalpha() else next((word for word in words if word[0].isalpha()), "")
    first = leading if leading not in _LEADS else next((w for w in words if w not in _LEADS and w[0].isalpha()), "")
    opening = known.classes.get(first, ())
    return Opening(
        frozenset({SHAPE_MARKS + 384 + min(len(words) // 4, 7), *(SHAPE_MARKS + number for number in opening)}),
        not known.verbs.isdisjoint(opening),
        plain > 0.7 * len(words) and len(words) >= 4,
        first != leading,
        "your" in words,
        "you" in words,
        "my" in words or "me" in words,
    )


def shape_marks(text: str, start: int, end: int, count: int, opening: Opening, layout: Layout) -> set[int]:
    """Columns of the look of a unit of `count` words: how it opens, its punctuation, its place, the shape of the text around it."""
    shape = SHAPES.index(layout.shape)
    piece = text[start:end]
    before = text[max(0, start - 4) : start]
    caps = 0 if piece.islower() else sum(word.isupper() for word in piece.split() if len(word) > 2)
    _, imperative, prose, led, your, you, my = opening
    on = {SHAPE_MARKS + 392 + shape, *opening.columns}
    flags = (
        imperative, imperative and prose, prose, piece[-1:] == "?", "!" in piece, "!!" in piece, caps >= 2, caps > 0.5 * count > 2,
        _RULER.search(piece) is not None,
        layout.fenced(start), start == 0, end >= len(text) - 2, before[-2:].endswith((": ", "'", '"')),
        led, your, you, my,
        before.strip(" \t")[-1:] in ("#", ">", "*", "-"), piece[:1] in "#>*-`", "`" in piece, "@" in piece or "://" in piece,
        piece[:1].isupper() and piece[-1:] in ".?!",
    )  # fmt: skip
    set_flags = [index for index, flag in enumerate(flags) if flag]
    on.update([SHAPE_MARKS + 64 + index for index in set_flags])
    on.update([SHAPE_MARKS + 96 + index * len(SHAPES) + shape for index in set_flags])
    return on
