"""What a text says in so many words: the phrases of injected instructions, in all languages that are carried.

The phrases are data (`text/phrases/injected_instruction`), this file says what they are worth: some are an injected
instruction by themselves, others only together (a call to the assistant, and a deed that only a tool can do).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from ctxdebug.analysis.directives.cues import Cue, Frame, Mark
from ctxdebug.analysis.directives.features import tokens
from ctxdebug.text.patterns import lazy
from ctxdebug.text.phrases import Phrase, phrases
from ctxdebug.text.phrases.notation import BEGINNING, MARKS, Need

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
_MOST_WORDS = 50_000
"""Words of which it is remembered what they meet."""


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
    return frozenset(phrase.language for phrase in phrases(TOPIC).all)


class _Sought(NamedTuple):
    """A phrase of a language with spaces, and what a text's words must meet, by number: all of `needs`, its first word `first`."""

    phrase: Phrase
    needs: frozenset[int]
    first: int | None


class _Index:
    """What the words of a text say of the phrases that may be in it."""

    def __init__(self, known: Iterable[Phrase]) -> None:
        numbers: dict[Need, int] = {}
        self.sought: dict[int, list[_Sought]] = {}
        """The phrases under the need that the fewest texts meet."""
        self.other: list[Phrase] = []
        """Phrases that no word leads to: those of languages without spaces."""
        for phrase in known:
            if not phrase.needs:
                self.other.append(phrase)
            else:
                needs = frozenset(numbers.setdefault(need, len(numbers)) for need in phrase.needs)
                first = None if phrase.first is None else numbers.setdefault(phrase.first, len(numbers))
                self.sought.setdefault(numbers[_rarest(phrase.needs)], []).append(_Sought(phrase, needs, first))
        words: dict[str, list[int]] = {}
        beginnings: dict[str, list[int]] = {}
        for need, number in numbers.items():
            for word in need.words:
                words.setdefault(max(tokens(word), key=len), []).append(number)
            for beginning in need.beginnings:
                beginnings.setdefault(beginning, []).append(number)
        self.met = _Met(words, beginnings)

    def possible(self, words: Iterable[str]) -> list[_Sought]:
        """Return the phrases of which every need is met by words."""
        met = set().union(*map(self.met.__getitem__, words))
        return [one for need in met if need in self.sought for one in self.sought[need] if one.needs <= met]


class _Met(dict[str, tuple[int, ...]]):
    """The needs that a token meets, worked out as tokens come; for most it is none."""

    def __init__(self, words: Mapping[str, list[int]], beginnings: Mapping[str, list[int]]) -> None:
        super().__init__()
        self._words = words
        self._beginnings = beginnings

    def __missing__(self, token: str) -> tuple[int, ...]:
        if len(self) > _MOST_WORDS:
            self.clear()
        found: set[int] = set()
        for word in _WORD.findall(token):
            found.update(self._words.get(word, ()))
            for length in (BEGINNING, BEGINNING - 1):
                found.update(self._beginnings.get(word[:length], ()))
        self[token] = made = tuple(found)
        return made


@cache
def _leading() -> _Index:
    """Return the phrases that say something alone, or lead others."""
    return _Index(phrase for phrase in phrases(TOPIC).all if phrase.label not in _SUPPORTING)


@cache
def _supporting(language: str) -> _Index:
    """Return the phrases of a language that count beside a leading one only."""
    known = phrases(TOPIC).all
    return _Index(phrase for phrase in known if phrase.label in _SUPPORTING and phrase.language == language)


def _rarest(needs: tuple[Need, ...]) -> Need:
    """Return the need that the fewest texts meet, as far as the number and the length of its words tells."""
    return max(
        needs, key=lambda need: min(map(len, need.words | need.beginnings)) - len(need.words | need.beginnings) / 8
    )


def said(text: str, words: frozenset[str] | None = None) -> tuple[Said, ...]:
    """Return every phrase of an injected instruction in a text, in order of place; linear in the text.

    What only supports others is sought where one that leads was found, in its language. `words` are its tokens, where they are known.
    """
    words = frozenset(tokens(text)) if words is None else words
    found = set(_found(text, words, _leading()))
    for language in {one.language for one in found if one.label not in _TAKING_BACK}:
        found.update(_found(text, words, _supporting(language)))
    return tuple(sorted(_affirmed(found)))


def _found(text: str, words: frozenset[str], index: _Index) -> Iterator[Said]:
    sought = index.possible(words)
    scripts = {phrase.language for phrase in index.other}
    here = {language for language in scripts if _in_its_script(language, text)}
    other = [phrase for phrase in index.other if phrase.language in here]
    if sought or other:
        for start, end in _pieces(text):
            yield from _said(text[start:end], start, index, sought, other)


def _in_its_script(language: str, text: str) -> bool:
    script = _SCRIPT.get(language)
    return script is None or (not text.isascii() and script.search(text) is not None)


def _said(piece: str, at: int, index: _Index, sought: list[_Sought], other: list[Phrase]) -> Iterator[Said]:
    """Yield what one piece of a text says; `at` is where it begins."""
    lowered = piece.lower()
    for match, phrase in (*_matches(piece, lowered, index, sought), *_searched(piece, lowered, other)):
        yield Said(at + match.start(), at + match.end(), phrase.label, phrase.language)


def _searched(piece: str, lowered: str, phrases: Iterable[Phrase]) -> Iterator[tuple[re.Match[str], Phrase]]:
    for phrase in phrases:
        if phrase.may_be_in(lowered):
            for match in phrase.pattern.finditer(piece):
                yield match, phrase


def _matches(piece: str, lowered: str, index: _Index, sought: list[_Sought]) -> Iterator[tuple[re.Match[str], Phrase]]:
    """Yield the matches of phrases, each tried only where its first word stands."""
    words = frozenset(_WORD.findall(lowered))
    meeting = [(word, index.met[word]) for word in words if index.met[word]]
    met = set().union(*[numbers for _, numbers in meeting])
    for phrase, needs, first in sought:
        if not needs <= met:
            continue
        if first is None or len(lowered) != len(piece):
            yield from ((match, phrase) for match in phrase.pattern.finditer(piece))
            continue
        behind = 0
        opening = [word for word, numbers in meeting if first in numbers]
        for at in sorted([place for word in opening for place in _places(lowered, word)]):
            for start in range(max(at - MARKS, behind), at + 1) if phrase.sentence else (at,):
                if start >= behind and (found := phrase.pattern.match(piece, start)):
                    behind = found.end()
                    yield found, phrase
                    break


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
