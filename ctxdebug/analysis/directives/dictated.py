"""Calls that a sentence of untrusted text dictates: it has the deed and the values of the call, in whatever wording.

Nothing is recognised here. What the call does and what it is given are known; the question is only whether one sentence that
nobody vouches for says both, and nobody with authority said the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ctxdebug.analysis.directives.action import groups, literals
from ctxdebug.analysis.directives.obedience import distinctive, leaves, mentioned, normal, warns
from ctxdebug.analysis.directives.side_effects import deed_of_name, deed_of_verb, name_parts
from ctxdebug.model import Authority, Provenance, Role, Segment, ToolCall
from ctxdebug.text.patterns import lazy
from ctxdebug.text.stems import stem

KINDS = frozenset({"change", "delete", "grant", "pay", "publish"})
"""Side effects that answer no question. What is sent has rules of its own, what is published is quoted,
and commands are run to find something out."""
_LONGEST = 80
"""Characters of an argument that is a value; what is longer is a text, in which only addresses count."""
_LIVE = lazy(r"(?:https?://|www\.)\S{4,300}|[\w.+-]{1,64}@[\w-]{1,60}\.[\w.-]{2,60}|\d{1,3}(?:\.\d{1,3}){3}")
_NUMBER = lazy(r"(?=(?:[A-Z+]{0,8}\d){6})[A-Z+]{0,2}[A-Z0-9]{7,34}")
_MOST = 3
_EDGE = lazy(r"[.!?。！？](?:[\"'”)\]]{0,3}\s|$)|\n|\\n")
_WORD = lazy(r"[^\W\d_]+")
_AROUND = 300
"""Characters to either side of a value in which its sentence is looked for."""
_SAME = 4
"""Letters with which two words of one verb begin, in any language that inflects at the end."""
_AUXILIARY = frozenset(
    "this that with from have your them they what when will tool item name user data list file".split()
)


class Dictated(NamedTuple):
    """A value of a call, the segment with the sentence that dictates the call, and the characters of the sentence."""

    value: str
    source: Segment
    start: int
    end: int


def dictated(call: ToolCall, kind: str, segments: Iterable[Segment], *, bare: bool = False) -> Dictated | None:
    """Return the sentence of untrusted text that has the deed of a call and values that only it named; None where there is none.

    With `bare` the deed need not be said where running text gives an account, or most of what the call is given.
    """
    if kind not in KINDS:
        return None
    read = list(segments)
    said = [normal(one.text) for one in read if one.authority > Authority.NONE]
    values = [value for value in dict.fromkeys(_values(call)) if not any(mentioned(normal(value), one) for one in said)]
    given_all = [leaf.strip() for leaf in leaves(call)]
    for source in read:
        if source.authority > Authority.NONE or _own(source):
            continue
        whole = normal(source.text)
        for given in values:
            value = given if normal(given) in whole else _spaced(given, source.text) or ""
            for start, end in _sentences(source.text, value) if value else ():
                sentence = source.text[start:end]
                plain = normal(sentence)
                held = [one for one in values if mentioned(normal(one), plain)]
                enough = _quoted(value, sentence) if kind == "publish" else _telling(given) or len(held) > 1
                whole_said = bare and _running(sentence, value) and _gives_all(given, held, given_all)
                if ((enough and _says(sentence, call, kind)) or whole_said) and not warns(sentence, value):
                    return Dictated(value, source, start, end)
    return None


def _running(sentence: str, value: str) -> bool:
    """Whether a value is in running text, and not in a field of a record."""
    at = sentence.lower().find(value.lower())
    before = max(sentence.rfind('"', 0, at), 0)
    after = sentence.find('"', at + len(value))
    return len(_WORD.findall(sentence[before : after if after >= 0 else len(sentence)])) >= _SAME


def _gives_all(value: str, held: list[str], given: list[str]) -> bool:
    """Whether a sentence gives an account, or at least three values that are most of what a call is given."""
    if _NUMBER.fullmatch(value) is not None and value in given:
        return True
    found = [one for one in held if one in given]
    return len(found) >= _MOST and 2 * len(found) > len(given)


def _spaced(value: str, text: str) -> str | None:
    """Return a number or an account as a text writes it, in groups; None where it is none, or not there."""
    if _NUMBER.fullmatch(value) is None:
        return None
    found = re.search(r"[ .-]?".join(map(re.escape, value)), text, re.IGNORECASE)
    return found[0] if found else None


def _quoted(value: str, sentence: str) -> bool:
    """Whether a sentence quotes a text of some words."""
    at = sentence.lower().find(value.lower())
    around = sentence[max(0, at - 1) : at] + sentence[at + len(value) : at + len(value) + 1]
    return (
        at > 0
        and value.count(" ") >= _SAME - 1
        and len(around) == 2
        and around[0] in "\"'“„«‘"
        and around[1] in "\"'“”»’"
    )


def _own(segment: Segment) -> bool:
    return segment.provenance is Provenance.MODEL_OUTPUT or segment.role is Role.ASSISTANT


def _values(call: ToolCall) -> Iterator[str]:
    for leaf in leaves(call):
        if len(leaf) <= _LONGEST and "\n" not in leaf.strip():
            yield leaf.strip()
        for match in _LIVE.finditer(leaf):
            yield match[0].rstrip(".,;:!?'\")")


def _telling(value: str) -> bool:
    """Whether a value is hardly in a sentence by chance: a code or an address, or words with a figure among them."""
    if len(value) < _SAME:
        return False
    words = value.split()
    return distinctive(value) or bool(literals(value)) or (len(words) > 1 and any(c.isdigit() for c in value))


def _sentences(text: str, value: str) -> Iterator[tuple[int, int]]:
    """Yield the borders of the sentences that a value is in, up to a few."""
    at, lowered, wanted = 0, text.lower(), value.lower()
    for _ in range(_SAME):
        at = lowered.find(wanted, at) if wanted else -1
        if at < 0 or len(lowered) != len(text):
            return
        start = max(
            (edge.end() for edge in _EDGE.finditer(text, max(0, at - _AROUND), at)), default=max(0, at - _AROUND)
        )
        edge = _EDGE.search(text, at + len(value), at + len(value) + _AROUND)
        yield start, edge.start() if edge else min(len(text), at + len(value) + _AROUND)
        at += len(value)


def _says(sentence: str, call: ToolCall, kind: str) -> bool:
    """Whether a sentence has a word for what a call does."""
    parts = [part for part in name_parts(call) if len(part) > 2]
    stems = {stem(part) for part in parts}
    done = frozenset[int]().union(*map(groups, stems)) if stems else frozenset[int]()
    heads = {part[:_SAME] for part in parts if len(part) >= _SAME} - {word[:_SAME] for word in _AUXILIARY}
    for word in _WORD.findall(sentence.lower()):
        if (
            kind in (deed_of_verb(word), deed_of_name(word))
            or groups(stem(word)) & done
            or (len(word) >= _SAME and word[:_SAME] in heads)
        ):
            return True
    return False
