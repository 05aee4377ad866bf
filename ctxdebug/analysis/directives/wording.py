"""What a text says in so many words: the phrases of injected instructions, in all languages that are carried.

The phrases are data (`text/phrases/injected_instruction`), this file says what they are worth: some are an injected
instruction by themselves, others only together (a call to the assistant, and a deed that only a tool can do).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

from ctxdebug.analysis.directives import features
from ctxdebug.analysis.directives.cues import Cue, Frame, Mark
from ctxdebug.analysis.directives.words import ByChunk
from ctxdebug.text.patterns import lazy
from ctxdebug.text.phrases import Phrase, languages_of, phrases, topic_digest
from ctxdebug.text.phrases.needs import BEGINNING, Need
from ctxdebug.text.stored import stored

TOPIC = "injected_instruction"
_KINDS: tuple[tuple[str, str, Frame], ...] = (
    ("override", "tells the reader to drop its instructions", Frame.OVERRIDE),
    ("addressed", "speaks to whichever model reads it", Frame.ADDRESSED),
    ("call", "calls the assistant", Frame.ADDRESSED),
    ("deed", "asks for what only a tool or the model's answer can do", Frame.DEED),
    ("task", "asks for something", Frame.DEED),
    ("approval", "claims that it is approved", Frame.APPROVAL),
    ("cleared", "claims that it is settled", Frame.APPROVAL),
    ("secrecy", "asks to keep it from the user", Frame.SECRECY),
    ("hush", "asks to keep it quiet", Frame.SECRECY),
    ("hijack", "puts words into the answer", Frame.HIJACK),
    ("completion", "claims that the task is already done, and gives another", Frame.COMPLETION),
    ("policy", "declares other text to be the policy", Frame.POLICY),
    ("persistence", "wants to be remembered and applied later", Frame.PERSISTENCE),
    ("substitution", "puts another tool or argument in place of the right one", Frame.SUBSTITUTION),
    ("role", "speaks in another role", Frame.BREAKOUT),
    ("persona", "puts the model into another role", Frame.PERSONA),
    ("exfiltration", "asks to hand over what is private", Frame.EXFILTRATION),
)
"""The labels of the phrase files: what each shows, and the frame that it gives."""
CUES = {label: Cue(f"says-{label}", shows, frame, lazy(r"(?!)")) for label, shows, frame in _KINDS}
NEGATED = "negated"
"""The label of wordings that take an override back where they overlap it."""
RESTRICTED = "restricted"
"""The label of wordings that forbid machines a deed: they take back the address and the deed that they overlap."""
_TAKING_BACK = {NEGATED: frozenset({"override"}), RESTRICTED: frozenset({"addressed", "call", "deed", "task"})}
ALONE = frozenset(
    {"override", "addressed", "hijack", "completion", "policy", "persistence", "substitution", "role", "persona"}
)
"""Labels of which one phrase is enough."""
_TOGETHER = (
    ("call", frozenset({"deed", "task", "approval", "cleared", "secrecy", "hush", "exfiltration"})),
    ("approval", frozenset({"deed", "secrecy", "exfiltration"})),
    ("secrecy", frozenset({"deed", "exfiltration"})),
)
"""Labels that count where one of the others stands close by."""
_SUPPORTING = frozenset({"deed", "task", "cleared", "hush"})
"""Labels that say nothing without one of those that come first in the pairs above."""
_LEADING = frozenset({*CUES, NEGATED, RESTRICTED}) - _SUPPORTING
"""Labels of phrases that say something alone, or lead others."""
REACH = 320
"""Characters between the parts of one instruction."""
PIECE = 360
"""Characters; about so much is searched at once, and a piece ends where a line does."""
LONGEST = 1500
_EDGE = lazy(r"\n|\\n|[.!?。！？] ")
_SCRIPT = {
    "ja": lazy("[\u3040-\u30ff]"),
    "ko": lazy("[\uac00-\ud7af]"),
    "zh": lazy("[\u4e00-\u9fff]"),
}
"""What a text must contain for the phrases of a language that does not part its words."""
_WORD = lazy(r"[^\W_]+")
_BEFORE = r"[\s\"'“„«*_>#/(\[-]{0,6}([^\W_]+)"
_MARKED = lazy(_BEFORE)
_OPENING = lazy(rf"(?:[.!?:;。！？…\n\"“„«>|(\[{{]|[.!?:;…]\s)(){_BEFORE}")
"""A sign behind which a phrase may begin (`¶` of the notation), and the marks before its first word."""


class Said(NamedTuple):
    """A phrase that was found, at characters `start` to `end`, its label, and the language that it is in."""

    start: int
    end: int
    label: str
    language: str = "en"

    @property
    def mark(self) -> Mark:
        """The phrase as a mark of an instruction."""
        return Mark(CUES[self.label], self.start, self.end)


@cache
def carried() -> frozenset[str]:
    """Return the ISO 639-1 codes of the languages whose phrases are carried."""
    return languages_of(TOPIC)


class _Sought(NamedTuple):
    """A phrase of a language with spaces, and what a text's words must meet, by number: all of `needs`, its first word `first`."""

    place: int
    """Among all phrases: what no word of a text leads to is not read."""
    needs: frozenset[int]
    first: int | None

    @property
    def phrase(self) -> Phrase:
        """The phrase itself."""
        return phrases(TOPIC).all[self.place]


class _Index:
    """What the words of a text say of the phrases that may be in it."""

    def __init__(self, labels: frozenset[str], language: str = "") -> None:
        """Take the phrases under `labels`, of one language or of all, as an earlier run read them where that is kept."""
        key = topic_digest(TOPIC, Path(__file__), Path(features.__file__)), tuple(sorted(labels)), language
        words, beginnings, sought, opening, other = stored("index of phrases", key, lambda: _indexed(labels, language))
        self.sought = _read(sought)
        """The phrases under the need that the fewest texts meet."""
        self.opening = _read(opening)
        """The phrases that begin where a sentence does, under what their first word meets."""
        self.other: dict[str, list[int]] = other
        """Places of phrases that no word leads to, by language: those of languages without spaces."""
        self.leads = frozenset((*self.sought, *self.opening))
        """The needs of which one is met wherever a phrase is."""
        self.met = ByChunk(partial(_met, words, beginnings))
        """The needs that the words of a chunk meet; for most there are none."""
        self.opened: ByChunk[tuple[_Sought, ...]] = ByChunk(
            lambda word: tuple([one for number in self.met[word] for one in self.opening.get(number, ())])
        )
        """The phrases that a word may begin where a sentence does."""

    def possible(self, met: AbstractSet[int]) -> list[_Sought]:
        """Return the phrases of which every need is among those that are met, without those that begin a sentence."""
        return [one for need in met if need in self.sought for one in self.sought[need] if one.needs <= met]


def _met(words: Mapping[str, list[int]], beginnings: Mapping[str, list[int]], chunk: str) -> tuple[int, ...]:
    """Return the needs that the words of a chunk meet."""
    found: set[int] = set()
    for word in _WORD.findall(chunk):
        found.update(words.get(word, ()))
        for length in (BEGINNING, BEGINNING - 1):
            found.update(beginnings.get(word[:length], ()))
    return tuple(found)


@cache
def _leading() -> _Index:
    """Return the phrases that say something alone, or lead others."""
    return _Index(_LEADING)


@cache
def _supporting(language: str) -> _Index:
    """Return the phrases of a language that count beside a leading one only."""
    return _Index(_SUPPORTING, language)


_Rows: TypeAlias = "dict[int, list[tuple[int, frozenset[int], int | None]]]"


def _read(rows: _Rows) -> dict[int, list[_Sought]]:
    return {number: [_Sought(*row) for row in under] for number, under in rows.items()}


def _indexed(
    labels: frozenset[str], language: str
) -> tuple[dict[str, list[int]], dict[str, list[int]], _Rows, _Rows, dict[str, list[int]]]:
    """Return the needs by word and by beginning, the phrases by need and by what begins them, and those without needs."""
    numbers: dict[Need, int] = {}
    sought: _Rows = {}
    opening: _Rows = {}
    other: dict[str, list[int]] = {}
    for place, phrase in enumerate(phrases(TOPIC).all):
        if phrase.label not in labels or language not in {"", phrase.language}:
            continue
        if not phrase.needs:
            other.setdefault(phrase.language, []).append(place)
            continue
        needs = frozenset(numbers.setdefault(need, len(numbers)) for need in phrase.needs)
        first = None if phrase.first is None else numbers.setdefault(phrase.first, len(numbers))
        if phrase.sentence and first is not None:
            opening.setdefault(first, []).append((place, needs, first))
        else:
            sought.setdefault(numbers[_rarest(phrase.needs)], []).append((place, needs, first))
    words: dict[str, list[int]] = {}
    beginnings: dict[str, list[int]] = {}
    for need, number in numbers.items():
        for word in need.words:
            words.setdefault(max(features.tokens(word), key=len), []).append(number)
        for beginning in need.beginnings:
            beginnings.setdefault(beginning, []).append(number)
    return words, beginnings, sought, opening, other


def _rarest(needs: tuple[Need, ...]) -> Need:
    """Return the need that the fewest texts meet, as far as the number and the length of its words tells."""
    return max(
        needs, key=lambda need: min(map(len, need.words | need.beginnings)) - len(need.words | need.beginnings) / 8
    )


def said(text: str) -> tuple[Said, ...]:
    """Return every phrase of an injected instruction in a text, in order of place; linear in the text.

    What only supports others is sought where one that leads was found, in its language.
    """
    found = set(_found(text, _leading()))
    for language in {one.language for one in found if one.label not in _TAKING_BACK}:
        found.update(_found(text, _supporting(language)))
    return tuple(sorted(_affirmed(found)))


def _found(text: str, index: _Index) -> Iterator[Said]:
    here = {language for language in index.other if _in_its_script(language, text)}
    other = [phrases(TOPIC).all[place] for language in here for place in index.other[language]]
    for start, end in _pieces(text):
        piece = text[start:end]
        lowered = piece.lower()
        met = set().union(*map(index.met.__getitem__, lowered.split()))
        if not index.leads.isdisjoint(met):
            for begin, stop, phrase in _matches(piece, lowered, index, met):
                yield Said(start + begin, start + stop, phrase.label, phrase.language)
        for phrase in other:
            if phrase.may_be_in(lowered):
                for match in phrase.pattern.finditer(piece):
                    yield Said(start + match.start(), start + match.end(), phrase.label, phrase.language)


def _in_its_script(language: str, text: str) -> bool:
    script = _SCRIPT.get(language)
    return script is None or (not text.isascii() and script.search(text) is not None)


def _matches(piece: str, lowered: str, index: _Index, met: set[int]) -> Iterator[tuple[int, int, Phrase]]:
    """Yield the matches of phrases in a piece: start, end and phrase. Each is tried only where its first word is."""
    aligned = len(lowered) == len(piece)
    behind: dict[str, int] = {}
    for start, word, at in _openings(lowered) if aligned and not index.opening.keys().isdisjoint(met) else ():
        for one in index.opened[word]:
            if one.needs <= met:
                phrase = one.phrase
                match = phrase.pattern.match(piece, max(start, behind.get(phrase.at, 0)))
                if match is None and at - start > 1 and phrase.text[0] == "^":
                    match = phrase.pattern.match(piece, at - 1)
                if match is not None:
                    behind[phrase.at] = match.end()
                    yield *match.span(), phrase
    possible = index.possible(met)
    if not aligned:
        possible += [one for number in met for one in index.opening.get(number, ()) if one.needs <= met]
    words = [(word, index.met[word]) for word in set(_WORD.findall(lowered))] if possible else []
    for sought in possible:
        phrase, first = sought.phrase, sought.first
        if first is None or not aligned:
            yield from ((*match.span(), phrase) for match in phrase.pattern.finditer(piece))
            continue
        end = 0
        for at in sorted([place for word, numbers in words if first in numbers for place in _places(lowered, word)]):
            if at >= end and (match := phrase.pattern.match(piece, at)):
                end = match.end()
                yield *match.span(), phrase


def _openings(piece: str) -> Iterator[tuple[int, str, int]]:
    """Yield where a sentence, a quotation or the like begins, its first word, and where that is, behind its marks."""
    if match := _MARKED.match(piece):
        yield 0, match[1], match.start(1)
    for match in _OPENING.finditer(piece):
        yield match.start(1), match[2], match.start(2)


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def _affirmed(found: set[Said]) -> Iterator[Said]:
    """Yield the phrases without those that are taken back ("do not ignore the previous instructions")."""
    against = [one for one in found if one.label in _TAKING_BACK]
    for one in found:
        if one.label not in _TAKING_BACK and not any(
            one.label in _TAKING_BACK[no.label] and no.start < one.end and one.start < no.end for no in against
        ):
            yield one


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield stretches of whole lines or sentences that cover a text."""
    start = 0
    while start < len(text):
        if len(text) - start <= PIECE:
            yield start, len(text)
            return
        edge = _EDGE.search(text, start + PIECE, start + LONGEST)
        end = edge.end() if edge else min(len(text), start + LONGEST)
        yield start, end
        start = end


def instructions(found: tuple[Said, ...]) -> Iterator[tuple[Said, ...]]:
    """Yield the phrases that make an instruction together, in order of place; each instruction once."""
    group: list[Said] = []
    for one in found:
        if group and one.start - max(other.end for other in group) > REACH:
            yield from _instruction(group)
            group = []
        group.append(one)
    if group:
        yield from _instruction(group)


def _instruction(group: list[Said]) -> Iterator[tuple[Said, ...]]:
    """Yield a group where a phrase of it is enough, or two of one language are together."""
    labels = {one.label for one in group}
    if labels & ALONE or any(
        labels & others and _together(group, first, others) for first, others in _TOGETHER if first in labels
    ):
        yield tuple(group)


def _together(group: list[Said], first: str, others: frozenset[str]) -> bool:
    languages = {one.language for one in group if one.label == first}
    return any(one.label in others and one.language in languages for one in group)
