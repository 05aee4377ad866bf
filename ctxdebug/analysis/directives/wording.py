"""What a text says in so many words: the phrases of injected instructions, in all languages that are carried.

The phrases are data (`text/phrases/injected_instruction`), this file says what they are worth: some are an injected
instruction by themselves, others only together (a call to the assistant, and a deed that only a tool can do).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ctxdebug.analysis.directives.cues import Cue, Frame, Mark
from ctxdebug.text.patterns import lazy
from ctxdebug.text.phrases import Phrase, phrases
from ctxdebug.text.phrases.notation import BEGINNING, Need

TOPIC = "injected_instruction"
_KINDS: tuple[tuple[str, str, Frame], ...] = (
    ("override", "tells the reader to drop its instructions", Frame.OVERRIDE),
    ("addressed", "speaks to whichever model reads it", Frame.ADDRESSED),
    ("call", "calls the assistant", Frame.ADDRESSED),
    ("deed", "asks for what only a tool or the model's answer can do", Frame.DEED),
    ("approval", "claims that it is approved", Frame.APPROVAL),
    ("secrecy", "asks to keep it from the user", Frame.SECRECY),
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
ALONE = frozenset(
    {"override", "addressed", "hijack", "completion", "policy", "persistence", "substitution", "role", "persona"}
)
"""Labels of which one phrase is enough."""
_TOGETHER = (
    ("call", frozenset({"deed", "approval", "secrecy", "exfiltration"})),
    ("approval", frozenset({"deed", "secrecy", "exfiltration"})),
    ("secrecy", frozenset({"deed", "exfiltration"})),
)
"""Labels that count where one of the others stands close by."""
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


class Said(NamedTuple):
    """A phrase that was found, at characters `start` to `end`, and its label."""

    start: int
    end: int
    label: str

    @property
    def mark(self) -> Mark:
        """The phrase as a mark of an instruction."""
        return Mark(CUES[self.label], self.start, self.end)


class _Index(NamedTuple):
    """The phrases of the languages with spaces, by number, under the words of which a match contains one."""

    words: dict[str, tuple[int, ...]]
    beginnings: dict[str, tuple[int, ...]]


@cache
def carried() -> frozenset[str]:
    """Return the ISO 639-1 codes of the languages whose phrases are carried."""
    return frozenset(phrase.language for phrase in phrases(TOPIC).all)


@cache
def _index() -> _Index:
    words: dict[str, list[int]] = {}
    beginnings: dict[str, list[int]] = {}
    for number, phrase in enumerate(phrases(TOPIC).all):
        if phrase.needs:
            need = _rarest(phrase.needs)
            for word in need.words:
                words.setdefault(word, []).append(number)
            for beginning in need.beginnings:
                beginnings.setdefault(beginning, []).append(number)
    return _Index(
        {word: tuple(row) for word, row in words.items()}, {word: tuple(row) for word, row in beginnings.items()}
    )


@cache
def _unindexed() -> tuple[tuple[str, tuple[Phrase, ...]], ...]:
    """Return the phrases that no word leads to, by language: those of languages without spaces."""
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases(TOPIC).all:
        if not phrase.needs:
            found.setdefault(phrase.language, []).append(phrase)
    return tuple((code, tuple(row)) for code, row in found.items())


def _rarest(needs: tuple[Need, ...]) -> Need:
    """Return the need that the fewest texts meet, as far as the number and the length of its words tells."""
    return max(
        needs, key=lambda need: min(map(len, need.words | need.beginnings)) - len(need.words | need.beginnings) / 8
    )


def said(text: str) -> tuple[Said, ...]:
    """Return every phrase of an injected instruction in a text, in order of place; linear in the text."""
    index, every = _index(), phrases(TOPIC).all
    other: list[Phrase] = []
    for code, row in _unindexed():
        if code not in _SCRIPT or (not text.isascii() and _SCRIPT[code].search(text)):
            other += row
    found: set[Said] = set()
    for start, end in _pieces(text):
        piece = text[start:end]
        lowered = piece.lower()
        words = frozenset(_WORD.findall(lowered))
        begins = frozenset([word[:BEGINNING] for word in words] + [word[: BEGINNING - 1] for word in words])
        wanted: set[int] = set()
        for word in index.words.keys() & words:
            wanted.update(index.words[word])
        for word in index.beginnings.keys() & begins:
            wanted.update(index.beginnings[word])
        for phrase in (*map(every.__getitem__, wanted), *other):
            if all(need.met(words, begins) for need in phrase.needs) and phrase.may_be_in(lowered):
                found.update(
                    Said(start + match.start(), start + match.end(), phrase.label)
                    for match in phrase.pattern.finditer(piece)
                )
    return tuple(sorted(_affirmed(found)))


def _affirmed(found: set[Said]) -> Iterator[Said]:
    """Yield the phrases without those that are negated ("do not ignore the previous instructions")."""
    negated = [one for one in found if one.label == NEGATED]
    for one in found:
        if one.label != NEGATED and not (
            one.label == "override" and any(no.start < one.end and one.start < no.end for no in negated)
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
    labels = {one.label for one in group}
    if labels & ALONE or any(first in labels and labels & others for first, others in _TOGETHER):
        yield tuple(group)
