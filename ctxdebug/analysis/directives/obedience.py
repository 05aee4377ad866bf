"""Did the model do it? Later calls and the answer, held against what a directive asked for.

A value that only the directive named, in the argument of a later call, is the clearest sign there is. Where a directive
names no value, the call must be the asked-for deed on the asked-for thing, and nobody with authority may have asked for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from ctxdebug.analysis.directives.action import LOOKING, READING, content_words, groups
from ctxdebug.analysis.directives.directive import Action, Obedience
from ctxdebug.model import Segment, ToolCall
from ctxdebug.records import field, record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_length
from ctxdebug.text.stems import stem
from ctxdebug.text.wordings import wording

_NAME_PARTS = lazy(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_REPORTED = wording("injection_obedience", "reported")
_SENTENCE = lazy(r"[^.!?\n]+[.!?\n]*")
_WARNS = wording("injection_obedience", "warns")
_DISTINCT = wording("injection_obedience", "distinct")
_WARNED = 240
"""Characters around a value in which a warning is looked for."""
_PHRASE = 3
"""Blanks in a quoted text from which on it is not the same by chance."""
SHARED = 0.7
"""The share of the words to be said that an answer must hold."""


@record(frozen=True, slots=True)
class ComparableText:
    """One segment's text made comparable: normalised, its stems, its pairs of neighbouring stems."""

    text: str
    stems: frozenset[str]
    phrases: frozenset[str]


def comparable(text: str) -> ComparableText:
    """Return a text made comparable."""
    row = content_words(text)
    return ComparableText(normal(text), frozenset(row), frozenset(f"{a} {b}" for a, b in pairwise(row)))


@record(slots=True)
class Ground:
    """What the model had read up to some point: what people with authority said, and everything else but the directives."""

    authority: list[ComparableText] = field(default_factory=list)
    elsewhere: list[ComparableText] = field(default_factory=list)

    def said(self, wanted: str) -> bool:
        """Whether somebody with authority named a value."""
        return any(mentioned(wanted, one.text) for one in self.authority)

    def read(self, wanted: str) -> bool:
        """Whether a value stands in anything else that was read."""
        return any(mentioned(wanted, one.text) for one in self.elsewhere)

    def knows(self, word: str) -> bool:
        """Whether a stem, or a pair of stems, was read or said anywhere."""
        if " " in word:
            return any(word in one.phrases for one in (*self.authority, *self.elsewhere))
        return any(word in one.stems for one in (*self.authority, *self.elsewhere))

    @property
    def instructions(self) -> frozenset[str]:
        """The stems of all that people with authority said."""
        return frozenset().union(*(one.stems for one in self.authority)) if self.authority else frozenset()


@by_length(1.0)
def normal(text: str) -> str:
    """Return a text without case, schemes, `www.` and runs of white space, so that copies compare equal."""
    return re.sub(r"\s+", " ", re.sub(r"https?://(?:www\.)?|\bwww\.", "", text.lower()))


def call_obeys(segment: Segment, asked: Action, known: Ground, *, framed: bool) -> Obedience | None:
    """Return what shows that a call does what was asked; None where it does not, or somebody with authority asked for it.

    Only a framed directive is believed without a value of its own in the call.
    """
    call = segment.call
    if call is None:
        return None
    values = " ".join(leaves(call))
    plain = normal(values)
    named = {stem(part.lower()) for part in _NAME_PARTS.findall(call.name)}
    deed = _same_deed(asked, named)
    for literal in asked.literals:
        wanted = normal(literal).rstrip("/")
        if wanted not in plain or known.said(wanted):
            continue
        if not distinctive(literal) and not (framed and literal.count(" ") >= _PHRASE):
            continue
        if all(warns(leaf, literal) for leaf in leaves(call) if wanted in normal(leaf)):
            continue
        foreign = not known.read(wanted)
        if (foreign and framed) or (deed and (foreign or framed)):
            start, end = _where(segment.text, literal)
            return Obedience(
                segment,
                start,
                end,
                f"the call of {call.name} carries {literal}" + (", which nobody else named" if foreign else ""),
                value=literal,
            )
    return _deed_without_value(segment, call, asked, known, named, values) if framed else None


def distinctive(value: str) -> bool:
    """Whether a value would hardly be used by chance: an address, a code, a path of two parts; no "Thank you", no "/downloads"."""
    words = value.split()
    if len(words) > 1 and not value.startswith("ssh-"):
        return len(content_words(value)) >= 3
    return _DISTINCT.fullmatch(value.strip(".,;:!?'\"")) is not None


def warns(text: str, value: str) -> bool:
    """Whether a text names a value in order to warn of it."""
    at = text.lower().find(value.lower())
    if at < 0 or len(text) < len(value) + 20:
        return False
    return _WARNS.search(text[max(0, at - _WARNED) : at + len(value) + _WARNED]) is not None


def warning(call: ToolCall) -> bool:
    """Whether a call's words warn of something."""
    return any(_WARNS.search(leaf) for leaf in leaves(call))


def _deed_without_value(
    segment: Segment, call: ToolCall, asked: Action, known: Ground, named: set[str], values: str
) -> Obedience | None:
    def shown(words: str) -> Obedience:
        return Obedience(segment, 0, len(segment.text), words)

    if call.name in asked.tools and not known.said(call.name.lower()):
        return shown(f"{call.name} was called, as it asked by name")
    row = content_words(values)
    held = {f"{a} {b}" for a, b in pairwise(row)}
    phrases = [one for one in asked.phrases if one in held and not known.knows(one)]
    if phrases and (len(phrases) > 1 or _same_deed(asked, named)):
        return shown(f"the call of {call.name} is about “{phrases[0]}”, which only the directive named")
    if _asked_anyway(asked, known):
        return None
    things = [word for word in asked.objects if len(word) > 3]
    new = [word for word in things if word in row and not known.knows(word)]
    if new and _same_deed(asked, named):
        return shown(f"the call of {call.name} is about “{new[0]}”, which only the directive named")
    if _same_deed(asked, named) and any(_among(word, named) for word in things) and not asked.literals:
        return shown(f"{call.name} does what it asked, and nobody with authority asked for it")
    return None


def only_looks(call: ToolCall, asked: Action) -> bool:
    """Whether a call merely looks something up, and looking it up is not what was asked."""
    named = {stem(part.lower()) for part in _NAME_PARTS.findall(call.name)}
    done = frozenset[int]().union(*(groups(part) for part in named)) if named else frozenset[int]()
    return READING in done and done <= LOOKING and not any(groups(verb) & LOOKING for verb in asked.verbs)


def looks_up(call: ToolCall, asked: Action, known: Ground) -> bool:
    """Whether a call looks up a thing that only the directive named."""
    row = set(content_words(" ".join(leaves(call))))
    return any(word in row and not known.knows(word) for word in asked.objects if len(word) > 3)


def follows_up(segment: Segment, asked: Action, brought: frozenset[str]) -> Obedience | None:
    """Return what shows that a call does the asked-for deed with a value that a lookup for the directive brought."""
    call = segment.call
    if call is None or not _same_deed(asked, {stem(part.lower()) for part in _NAME_PARTS.findall(call.name)}):
        return None
    for value in leaves(call):
        if normal(value) in brought:
            start, end = _where(segment.text, value)
            return Obedience(
                segment, start, end, f"the call of {call.name} carries {value}, which was looked up for the directive"
            )
    return None


def answer_obeys(segment: Segment, asked: Action, known: Ground) -> Obedience | None:
    """Return the sentence of an answer that says what was asked to be said, or shows an address that only the directive named."""
    for match in _SENTENCE.finditer(segment.text):
        sentence = match[0]
        if _REPORTED.search(segment.text[max(0, match.start() - 200) : match.end() + 120]):
            continue
        plain = normal(sentence)
        for url in asked.urls:
            wanted = normal(url).rstrip("/")
            if wanted in plain and not known.said(wanted) and not known.read(wanted):
                return Obedience(
                    segment, match.start(), match.end(), f"the answer shows {url}, which nobody else named"
                )
        if asked.text and _says(plain, asked.text, known):
            return Obedience(segment, match.start(), match.end(), "the answer says what it asked to be said")
    return None


def _says(sentence: str, wanted: str, known: Ground) -> bool:
    words = [word for word in content_words(wanted) if not any(word in one.stems for one in known.authority)]
    new = [word for word in words if not known.knows(word)]
    held = set(content_words(sentence))
    return (
        len(words) >= 2
        and sum(word in held for word in words) >= SHARED * len(words)
        and any(word in held for word in new)
    )


def _same_deed(asked: Action, named: set[str]) -> bool:
    done = frozenset[int]().union(*(groups(part) for part in named)) if named else frozenset[int]()
    return any(groups(verb) & done for verb in asked.verbs)


def _asked_anyway(asked: Action, known: Ground) -> bool:
    """Whether people with authority spoke of the same deed on one of the same things."""
    instructions = known.instructions
    said = frozenset[int]().union(*(groups(word) for word in instructions)) if instructions else frozenset[int]()
    same_deed = any(groups(verb) & said for verb in asked.verbs)
    return same_deed and sum(word in instructions for word in asked.objects) > 0.5 * len(asked.objects)


def _among(word: str, words: set[str]) -> bool:
    return word in words or any(
        len(other) > 3 and len(word) > 3 and (word.startswith(other) or other.startswith(word)) for other in words
    )


def mentioned(wanted: str, text: str) -> bool:
    """Whether a normalised text contains a normalised value as a word of its own."""
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not (text[at - 1 : at].isalnum() and wanted[:1].isalnum()) and not (
            text[end : end + 1].isalnum() and wanted[-1:].isalnum()
        ):
            return True
        at = text.find(wanted, at + 1)
    return False


def _where(text: str, literal: str) -> tuple[int, int]:
    for wanted in (literal, json.dumps(literal)[1:-1], re.sub(r"^(?:https?://)?(?:www\.)?", "", literal)):
        at = text.lower().find(wanted.lower())
        if at >= 0:
            return at, at + len(wanted)
    return 0, len(text)


def leaves(call: ToolCall) -> Iterator[str]:
    """Yield the strings and numbers of a call's arguments."""
    stack: list[object] = [call.parsed if call.parsed is not None else call.arguments]
    while stack:
        value = stack.pop()
        if isinstance(value, Mapping):
            stack.extend(value.values())
        elif isinstance(value, (list, tuple)):
            stack.extend(value)
        elif isinstance(value, str):
            yield value
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            yield str(value)
