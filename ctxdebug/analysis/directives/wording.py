"""What a text says in so many words: the phrases of injected instructions, in all languages that are carried.

The phrases are data (`text/phrases/injected_instruction`), this file says what they are worth: some are an injected
instruction by themselves, others only together (a call to the assistant, and a deed that only a tool can do).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from ctxdebug.analysis.directives.addressing import is_asked, orders
from ctxdebug.analysis.directives.cues import Cue, Frame, Mark
from ctxdebug.analysis.directives.phrase_index import (
    TOPIC,
    Allowed,
    PhraseIndex,
    Place,
    Sought,
    phrase_at,
    words_met,
)
from ctxdebug.analysis.directives.pretended import pretended
from ctxdebug.text.patterns import lazy
from ctxdebug.text.phrases import Phrase, languages_of

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
_BEFORE = r"[\s\"'“„«*_>#/(\[-]{0,6}([^\W_]+)"
_MARKED = lazy(_BEFORE)
_OPENING = lazy(rf"(?:[.!?:;。！？…\n\"“„«>|(\[{{]|[.!?:;…]\s)(){_BEFORE}")
"""A sign behind which a phrase may begin (`¶` of the notation), and the marks before its first word."""
_BEGUN = lazy(r"[.!?:;。！？…\n\"“„«>|(\[{][\s\"'“„«*_>#/(\[-]{0,7}([^\W_]+)")
"""The first word there."""


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


@cache
def _leading() -> PhraseIndex:
    """Return the phrases that say something alone, or lead others."""
    return PhraseIndex(_LEADING)


@cache
def _supporting(language: str) -> PhraseIndex:
    """Return the phrases of a language that count beside a leading one only."""
    return PhraseIndex(_SUPPORTING, language)


def said(text: str) -> tuple[Said, ...]:
    """Return every phrase of an injected instruction in a text, in order of place; linear in the text.

    What only supports others is sought where one that leads was found, in its language.
    """
    found = set(_found(text, _leading()))
    for language in {one.language for one in found if one.label not in _TAKING_BACK}:
        found.update(_found(text, _supporting(language)))
    found = {one for one in found if one.label != "addressed" or is_asked(text, one.language, one.start, one.end)}
    for order in orders(text):
        found.add(Said(order.start, order.end, "addressed", order.language))
        found.update(Said(*demand, order.language) for demand in order.demands)
    found.update(Said(*one) for one in pretended(text))
    return tuple(sorted(_affirmed(found)))


def _found(text: str, index: PhraseIndex) -> Iterator[Said]:
    here = {language for language in index.other if _in_its_script(language, text)}
    other = [phrase_at(place) for language in here for place in index.other[language]]
    whole, pieces = text.lower(), list(_pieces(text))
    allowed = index.allowed(whole, lambda: _begun(whole, pieces))
    if not allowed.words and not other:
        return
    for start, end in pieces:
        piece = text[start:end]
        lowered = piece.lower()
        if any(word in lowered for word in allowed.words):
            for begin, stop, phrase in _matches(piece, lowered, index, allowed):
                yield Said(start + begin, start + stop, phrase.label, phrase.language)
        for phrase in other:
            if phrase.may_be_in(lowered):
                for match in phrase.pattern.finditer(piece):
                    yield Said(start + match.start(), start + match.end(), phrase.label, phrase.language)


def _begun(whole: str, pieces: list[tuple[int, int]]) -> set[str]:
    """Return the words of a text in lower case that stand where a sentence, a quotation or the like begins."""
    return {*_BEGUN.findall(whole), *[match[1] for start, _ in pieces if (match := _MARKED.match(whole, start))]}


def _in_its_script(language: str, text: str) -> bool:
    script = _SCRIPT.get(language)
    return script is None or (not text.isascii() and script.search(text) is not None)


def _matches(piece: str, lowered: str, index: PhraseIndex, allowed: Allowed) -> Iterator[tuple[int, int, Phrase]]:
    """Yield the matches of phrases in a piece: start, end and phrase. Each is tried only where its first word is."""
    words = words_met(lowered)
    aligned = len(lowered) == len(piece)
    opening: dict[Place, int] = {}
    others: list[tuple[Sought, int]] = []
    for one, last in index.possible(lowered, words, allowed):
        if aligned and one.place in index.beginning:
            opening[one.place] = last
        else:
            others.append((one, last))
    behind: dict[Place, int] = {}
    for start, word, at in _openings(lowered) if opening else ():
        for one in index.opened[word]:
            if start <= opening.get(one.place, -1):
                phrase = one.phrase
                match = phrase.pattern.match(piece, max(start, behind.get(one.place, 0)))
                if match is None and at - start > 1 and phrase.text[0] == "^":
                    match = phrase.pattern.match(piece, at - 1)
                if match is not None:
                    behind[one.place] = match.end()
                    yield *match.span(), phrase
    for one, last in others:
        phrase, first = one.phrase, one.first
        if not first or not aligned:
            yield from ((*match.span(), phrase) for match in phrase.pattern.finditer(piece))
            continue
        end = 0
        for at in sorted([place for word in words if index.facts[word][0] & first for place in _places(lowered, word)]):
            if end <= at <= last and (match := phrase.pattern.match(piece, at)):
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
    against: dict[str, list[Said]] = {}
    for no in sorted(one for one in found if one.label in _TAKING_BACK):
        for label in _TAKING_BACK[no.label]:
            against.setdefault(label, []).append(no)
    ends = {label: list(accumulate((no.end for no in row), max)) for label, row in against.items()}
    for one in found:
        if one.label in _TAKING_BACK:
            continue
        before = bisect_left(against.get(one.label, ()), (one.end,))
        if not before or ends[one.label][before - 1] <= one.start:
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
    end = 0
    for one in found:
        if group and one.start - end > REACH:
            yield from _instruction(group)
            group = []
        group.append(one)
        end = max(end, one.end)
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
