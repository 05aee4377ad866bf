"""Where the values of calls with side effects come from, and when that is a finding.

Every reply goes to a sender whom only the mail named, and every edit to a file that only a search found: provenance alone
proves nothing. It is a finding where nobody asked for anything but an answer, or where what was private leaves.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator

from ctxdebug.analysis.directives.action import literals
from ctxdebug.analysis.directives.asking import asks_for_more
from ctxdebug.analysis.directives.dictated import dictated
from ctxdebug.analysis.directives.layout import Shape, layout
from ctxdebug.analysis.directives.obedience import distinctive, leaves, mentioned, normal, warns
from ctxdebug.analysis.directives.side_effects import deed, outward
from ctxdebug.analysis.directives.tracing import PlacedSegment
from ctxdebug.model import Authority, Kind, Provenance, Role, Segment, ToolCall
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_length, by_text
from ctxdebug.text.wordings import wording

_CARRIES = frozenset({"send", "publish", "pay", "grant"})
"""Side effects that give something to the one whom a value names."""
_RECIPIENT = lazy(
    r"[\w.+-]{1,64}@[\w-]{1,60}\.[\w.-]{2,60}|(?:https?://|www\.)\S{4,300}|[A-Z]{2}\d{2}[A-Z0-9 ]{8,32}|[A-Z]{2}\d{8,30}|\+\d[\d ()-]{6,20}"
)
_CHANGES = frozenset({"change", "delete"})
"""Side effects that stay here, and may be harmless: what they put in must itself act or lead outside."""
_LIVE = lazy(r"^=.{0,400}\(|(?:https?://|www\.)\S{4,300}|[\w.+-]{1,64}@[\w-]{1,60}\.[\w.-]{2,60}", re.DOTALL)
_COMMAND = wording("injection_provenance", "command")
_SHORTEST_COMMAND = 12
"""Characters; a shorter command is the same by chance."""
_RECORDS = frozenset({Shape.JSON, Shape.RECORD, Shape.TABLE})
"""Shapes of text in which a value is a fact about somebody, and not said by anybody."""
RUN = 8
"""Words in a row that two texts do not share by chance."""
LONGEST = 20_000
"""Characters of a private text that are compared."""
_WORD = lazy(r"[^\W_]+")
_SECRET = lazy(
    r"\b(?:sk|pk|ghp|gho|xox[bap]|AKIA|AIza)[-_A-Za-z0-9]{12,80}|-----BEGIN [A-Z ]{2,30}KEY-----"
    r"|\b[A-Z][A-Z0-9_]{2,40}(?:KEY|TOKEN|SECRET|PASSWORD)\s{0,2}[=:]\s{0,2}([^\s'\"]{6,120})"
)
_TOLD = wording("injection_provenance", "told")
_IMAGE = lazy(
    r"!\[[^\]\n]{0,200}\]\((https?://[^\s)]{4,900})\)|<img[^<>]{0,200}?src\s*=\s*[\"']?(https?://[^\s\"'>]{4,900})"
)


@record(frozen=True, slots=True)
class TracedValue:
    """A value in a call with side effects: where it stands there, and the untrusted segment that named it first."""

    segment: Segment
    start: int
    end: int
    value: str
    source: Segment
    source_start: int
    source_end: int
    why: str | None
    """Why it is a finding; None where it is only shown."""


def traced(row: list[PlacedSegment], *, every: bool = False) -> Iterator[TracedValue]:
    """Yield the values of calls with side effects that untrusted text named first, and private text that leaves.

    Only those that are a finding; with `every`, the harmless ones too.
    """
    read = _Read()
    for placed in row:
        segment = placed.segment
        read.reach(placed)
        kind = deed(segment.call) if segment.call is not None and not segment.call.server_side else None
        if segment.call is not None and kind is not None:
            unasked = read.only_looking and not read.names(segment.call.name)
            found = list(_values(segment, segment.call, read, kind, unasked=unasked)) if unasked or every else []
            if unasked and not any(one.why for one in found):
                found += [*_verbatim(segment, segment.call, read, kind), *_dictated(segment, segment.call, read, kind)]
            yield from (one for one in found if every or one.why is not None)
            if outward(kind) and not any(one.why for one in found):
                yield from _leaks(segment, read)
        elif segment.role is Role.ASSISTANT and segment.kind is Kind.TEXT:
            yield from _in_images(segment, read)
        read.waiting.append(placed)


class _Read:
    """What the model had read when it came to a call: the segments of earlier messages, each looked at once."""

    def __init__(self) -> None:
        self.waiting: deque[PlacedSegment] = deque()
        self.segments: list[Segment] = []
        self.only_looking = False
        self._users = 0
        self.prompts: list[Segment] = []
        self.results: list[Segment] = []

    def reach(self, placed: PlacedSegment) -> None:
        """Take in what was said in earlier messages."""
        while self.waiting and self.waiting[0].message < placed.message:
            self._take(self.waiting.popleft().segment)

    def names(self, tool: str) -> bool:
        """Whether the system or the developer names a tool."""
        return any(tool in segment.text for segment in self.prompts)

    @property
    def secrets(self) -> Iterator[tuple[Segment, int, int, str]]:
        """The secrets that tools read, each with its place."""
        for segment in self.results:
            for start, end in _secrets(segment.text):
                yield segment, start, end, segment.text[start:end]

    def _take(self, segment: Segment) -> None:
        self.segments.append(segment)
        if segment.authority is Authority.USER and segment.kind is Kind.TEXT and segment.text.strip():
            looking = not asks_for_more(segment.text)
            self.only_looking = looking and (self.only_looking or not self._users)
            self._users += 1
        elif segment.authority > Authority.USER:
            self.prompts.append(segment)
        elif segment.provenance is Provenance.TOOL_RESULT:
            self.results.append(segment)


@by_text
def _secrets(text: str) -> tuple[tuple[int, int], ...]:
    matches = _SECRET.finditer(text[:LONGEST])
    return tuple(match.span(1 if match[1] else 0) for match in matches)


class Words:
    """A text's words with their places, and where each run of `RUN` words begins."""

    def __init__(self, text: str) -> None:
        found = list(_WORD.finditer(text))
        self.places = [match.span() for match in found]
        words = [match[0].lower() for match in found]
        self.runs: dict[tuple[str, ...], int] = {}
        for index in range(len(words) - RUN + 1):
            self.runs.setdefault(tuple(words[index : index + RUN]), index)

    def span(self, run: tuple[str, ...]) -> tuple[int, int]:
        """Return the characters of a run."""
        at = self.runs[run]
        return self.places[at][0], self.places[at + RUN - 1][1]


@by_length(20.0)
def _words(text: str) -> Words:
    return Words(text[:LONGEST])


def _values(segment: Segment, call: ToolCall, read: _Read, kind: str, *, unasked: bool) -> Iterator[TracedValue]:
    for leaf in leaves(call):
        for value in literals(leaf):
            if not (distinctive(value) or (unasked and _titled(kind, value))) or warns(leaf, value):
                continue
            source = _first(normal(value).rstrip("/"), read)
            if source is None:
                continue
            told = unasked and _weighs(kind, value, source)
            why = f"the call of {call.name} carries {value}, {_UNASKED}" if told else None
            places = (*place_of(segment.text, value), value, source, *place_of(source.text, value))
            yield TracedValue(segment, *places, why)


_UNASKED = "which only untrusted text named, and nobody asked for more than an answer"


def _weighs(kind: str, value: str, source: Segment) -> bool:
    """Whether a value is worth a word where nobody asked for more than an answer: it says to whom, or what is bought or granted."""
    if kind not in _CARRIES:
        return False
    if _RECIPIENT.fullmatch(value):
        return layout(source.text).shape not in _RECORDS or _sentence_around(source.text, value)
    if _titled(kind, value):
        return True
    return kind == "pay" and any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def _titled(kind: str, value: str) -> bool:
    """Whether a value is the title or the text of something that is published."""
    return kind == "publish" and len(value) >= _SHORTEST_COMMAND and value.count(" ") > 1


def _sentence_around(text: str, value: str) -> bool:
    """Whether a value is in running text, inside a record too."""
    at = text.lower().find(value.lower())
    return at >= 0 and len(_WORD.findall(_STRING_EDGE.split(text[max(0, at - 120) : at])[-1])) >= RUN // 2


_STRING_EDGE = lazy(r"(?<!\\)\"|\n")


def _verbatim(segment: Segment, call: ToolCall, read: _Read, kind: str) -> Iterator[TracedValue]:
    """Yield a command that is run as untrusted text has it, and what is put into something as it stands there and acts or leads outside."""
    if kind != "run" and kind not in _CHANGES:
        return
    for leaf in leaves(call):
        wanted = normal(leaf).strip(" .,;:!'\"")
        if len(wanted) < _SHORTEST_COMMAND or warns(leaf, leaf):
            continue
        if (_COMMAND if kind == "run" else _LIVE).search(leaf) is None:
            continue
        source = _first(wanted, read) or _first(json.dumps(wanted, ensure_ascii=False)[1:-1], read)
        if source is None:
            continue
        what = f"runs {leaf[:120]}" if kind == "run" else f"puts in {leaf[:120]}"
        why = f"the call of {call.name} {what}, {_UNASKED}"
        yield TracedValue(segment, *place_of(segment.text, leaf), leaf, source, *place_of(source.text, leaf), why)
        return


def _dictated(segment: Segment, call: ToolCall, read: _Read, kind: str) -> Iterator[TracedValue]:
    """Yield the value of a call that one sentence of untrusted text dictates."""
    one = dictated(call, kind, read.segments)
    if one is not None:
        why = f"the call of {call.name} does what a sentence of untrusted text says, and nobody asked for more than an answer"
        yield TracedValue(segment, *place_of(segment.text, one.value), one.value, one.source, one.start, one.end, why)


def _first(wanted: str, read: _Read) -> Segment | None:
    """Return the untrusted segment that named a value first; None where somebody with authority or the model did, or nobody."""
    first: Segment | None = None
    for segment in read.segments:
        if mentioned(wanted, normal(segment.text)):
            if segment.authority > Authority.NONE:
                return None
            first = first or segment
    if first is None or first.provenance is Provenance.MODEL_OUTPUT or first.role is Role.ASSISTANT:
        return None
    return first


def _leaks(segment: Segment, read: _Read) -> Iterator[TracedValue]:
    """Yield private words that a call carries outside: sentences of the system prompt, and secrets that a tool read."""
    mine = Words(segment.text[:LONGEST])
    for source in read.prompts:
        theirs = _words(source.text)
        shared = next(
            (run for run in mine.runs if run in theirs.runs and _to_model(source.text, theirs.span(run))), None
        )
        if shared is not None:
            start, end = mine.span(shared)
            why = "it carries words of the system prompt"
            yield TracedValue(segment, start, end, segment.text[start:end], source, *theirs.span(shared), why)
            return
    for source, at, stop, value in read.secrets:
        start = segment.text.find(value)
        if start >= 0 and not any(value in one.text for one in read.segments if one.authority > Authority.NONE):
            why = "it carries a secret that a tool read"
            yield TracedValue(segment, start, start + len(value), value, source, at, stop, why)
            return


def _to_model(text: str, place: tuple[int, int]) -> bool:
    """Whether words of the system prompt tell the model something; what the prompt knows of the world is there to be told."""
    start = max(text.rfind(". ", 0, place[0]), text.rfind("\n", 0, place[0]), 0)
    return _TOLD.search(text, start, place[1]) is not None


def _in_images(segment: Segment, read: _Read) -> Iterator[TracedValue]:
    """Yield images in an answer whose address carries data to a host that only untrusted text named."""
    for match in _IMAGE.finditer(segment.text):
        url = match[1] or match[2]
        base, _, query = url.partition("?")
        host = base.split("/")[2] if base.count("/") > 1 else base
        values = [part.partition("=")[2] for part in query.split("&")]
        if not any(len(value) >= RUN for value in values):
            continue
        source = _first(normal(host), read)
        if source is None or url in source.text:
            continue
        at, stop = place_of(source.text, host)
        yield TracedValue(
            segment,
            *match.span(),
            url,
            source,
            at,
            stop,
            f"the answer shows an image whose address carries data to {host}",
        )


def place_of(text: str, value: str) -> tuple[int, int]:
    """Return the characters of a value in a text; the whole text where it stands in another form."""
    at = text.lower().find(value.lower())
    return (at, at + len(value)) if at >= 0 else (0, len(text))
