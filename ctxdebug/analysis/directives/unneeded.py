"""Deeds that no question needs, whoever recognises an instruction: what is paid or granted for what a page says, and who else is written to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ctxdebug.analysis.directives.known import ReadBefore, TracedValue, place_of
from ctxdebug.analysis.directives.obedience import leaves, mentioned, normal, warns
from ctxdebug.model import Authority, Provenance, Role, Segment, ToolCall
from ctxdebug.text.patterns import lazy

GIVEN_AWAY = frozenset({"pay", "grant", "delete"})
"""Side effects that answer no question."""
_SHORTEST = 4
_SHORTEST_UNSPACED = 3
"""Characters of a value that tells, and of one in a script without blanks."""
_LEAST_AMOUNT = 100
_LATELY = 40
"""Segments before a call that are looked at."""
_ADDRESS = lazy(r"[\w.+-]{1,64}@[\w-]{1,60}\.[\w.-]{2,60}")
_COPIES = frozenset({"cc", "bcc", "copy", "copies", "copy_to", "kopie", "en_copie", "copia"})
"""Arguments that name who else gets a message."""
_TO_OTHERS = lazy(
    r"\b(?:b?cc|cop(?:y|ies|ia|ie)|kopie|everyone|everybody|all|team|list|alle|tous|todos|tutti)\b", re.IGNORECASE
)
_STATEMENT = lazy(r"\s{0,20}(?:grant|revoke|drop|delete|update|insert|alter|truncate|create)\s", re.IGNORECASE)


def given_away(segment: Segment, call: ToolCall, read: ReadBefore, kind: str) -> Iterator[TracedValue]:
    """Yield what is paid, granted or deleted with a value that only untrusted text has, where nothing but an answer was asked for."""
    if kind not in GIVEN_AWAY:
        return
    for value in _values(call):
        source = _only_untrusted(value, read)
        if source is not None and not warns(value, value):
            why = f"the call of {call.name} has {value} from untrusted text, and nobody asked for more than an answer"
            yield TracedValue(
                segment, *place_of(segment.text, value), value, source, *place_of(source.text, value), why
            )
            return


def added_recipient(segment: Segment, call: ToolCall, read: ReadBefore) -> Iterator[TracedValue]:
    """Yield somebody who gets a copy because untrusted text names him, beside whom the request names."""
    if not isinstance(call.parsed, Mapping) or read.requests.say(_TO_OTHERS):
        return
    named = [one for leaf in leaves(call) for one in _ADDRESS.findall(leaf) if read.said(one)]
    copied = " ".join(str(value) for key, value in call.parsed.items() if key.lower() in _COPIES)
    for value in _ADDRESS.findall(copied) if named else ():
        source = read.first(normal(value))
        if source is not None:
            why = f"the call of {call.name} copies {value} in, whom only untrusted text named"
            yield TracedValue(
                segment, *place_of(segment.text, value), value, source, *place_of(source.text, value), why
            )
            return


def statement_run(segment: Segment, call: ToolCall, read: ReadBefore) -> Iterator[TracedValue]:
    """Yield a statement that changes a database and stands so in untrusted text, run by a call that only looks by its name."""
    for leaf in leaves(call):
        source = read.first(normal(leaf).strip(" ;")) if _STATEMENT.match(leaf) else None
        if source is not None:
            why = f"the call of {call.name} runs {leaf[:120]}, which only untrusted text has"
            yield TracedValue(segment, *place_of(segment.text, leaf), leaf, source, *place_of(source.text, leaf), why)
            return


def _values(call: ToolCall) -> Iterator[str]:
    for leaf in leaves(call):
        value = leaf.strip()
        long_enough = len(value) >= (_SHORTEST if value.isascii() else _SHORTEST_UNSPACED)
        if value.isdecimal() and int(value) < _LEAST_AMOUNT:
            continue
        if long_enough and "\n" not in value:
            yield value


def _only_untrusted(value: str, read: ReadBefore) -> Segment | None:
    """Return the untrusted text that has a value which nobody with authority said."""
    wanted = normal(value)
    plain = not value.isascii()  # a script without blanks has no borders of words
    lately = read.segments[-_LATELY:]
    having = [one for one in lately if (wanted in normal(one.text) if plain else mentioned(wanted, normal(one.text)))]
    if any(one.authority > Authority.NONE for one in having):
        return None
    having = [one for one in having if one.provenance is not Provenance.MODEL_OUTPUT and one.role is not Role.ASSISTANT]
    return having[0] if having else None
