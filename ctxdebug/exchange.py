"""The nouns between a file and a snapshot: what a container finds, and what a wire format reads.

A container yields `Exchange`s; a wire format turns one into a `Draft`: the same content in one
vocabulary, still without any judgement about authority or documents. Segmentation does the rest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ctxdebug.model import (
    Document,
    Finish,
    Kind,
    Media,
    Piece,
    Pointer,
    ProviderError,
    Record,
    Role,
    Tool,
    ToolCall,
    Unseen,
    Usage,
)
from ctxdebug.records import field, record


@record(frozen=True, slots=True)
class Event:
    """One event of a streamed response."""

    name: str | None
    data: Any
    pointer: Pointer


@record(frozen=True, slots=True)
class Stream:
    """A streamed response, event by event. `complete` is False when the last event was cut."""

    events: tuple[Event, ...]
    complete: bool = True


@record(frozen=True, slots=True)
class Exchange:
    """One raw request with its raw response, and where each stood."""

    pointer: Pointer
    request: Any = None
    request_at: Pointer = ()
    response: Any = None
    """A parsed body, a `Stream`, or None."""
    response_at: Pointer = ()
    sent_on: Any = None
    """The body that a proxy sent on to the provider, where its log keeps it beside the one that it received."""
    sent_on_at: Pointer = ()
    sent_on_to: str | None = None
    """As above: the URL."""
    url: str | None = None
    method: str | None = None
    status: int | None = None
    provider: str | None = None
    """Only where the container itself records it."""
    model: str | None = None
    """As above, for requests that name their model elsewhere."""
    session: str | None = None
    usage: Usage | None = None
    """As above, where the response does not carry it."""
    notes: tuple[str, ...] = ()
    format: str | None = None
    """The wire format, where the container's own shape settles it."""
    guess: bool = False
    """Whether it is only likely that this is a call of a model at all."""

    def bodies(self) -> list[tuple[Any, Pointer]]:
        """Return the body of the response, or what each event of a streamed one holds, with its place."""
        if isinstance(self.response, Stream):
            return [(event.data, event.pointer) for event in self.response.events]
        return [(self.response, self.response_at)]

    order: tuple[int, ...] | None = None
    """Where the request is a log: the numbers of the lines that count, as the model read them; None for all in order."""
    labels: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, Any] = field(default_factory=dict)
    """What stands in the same record as the request and the response, at `pointer`, and is neither."""
    origins: Mapping[Pointer, Pointer] = field(default_factory=dict)
    """Where values really stand that a container moved while it put the request together: the pointer
    that a wire format will make (or its beginning), and the file's own."""


@record(slots=True)
class Part:
    """A stretch of content of one kind, as the provider delimits it."""

    kind: Kind
    text: str
    pieces: tuple[Piece, ...]
    document: Document | None = None
    call: ToolCall | None = None
    call_id: str | None = None
    tool: str | None = None
    is_error: bool = False
    media: Media | None = None
    cache_mark: bool = False
    memory: bool = False
    """Text that came from an earlier conversation (a summary, a memory)."""


@record(slots=True)
class DraftMessage:
    """A role and its parts."""

    role: Role
    captured_role: str
    pointer: Pointer
    parts: list[Part] = field(default_factory=list)
    name: str | None = None
    record: Record | None = None
    """What a session log says of it besides."""

    def text(self, text: str, pointer: Pointer, kind: Kind = Kind.TEXT, **more: Any) -> None:
        """Add the text of the string at `pointer`."""
        self.parts.append(Part(kind, text, (Piece(0, len(text), pointer),), **more))

    def rendered(self, text: str, pointer: Pointer, kind: Kind, **more: Any) -> None:
        """Add our own rendering of the value at `pointer`."""
        self.parts.append(Part(kind, text, (Piece(0, len(text), pointer, rendered=True),), **more))


@record(slots=True)
class DraftSource:
    """A source that the provider names beside its answer; `part` has its text, None where it returned none."""

    document: Document
    pointer: Pointer
    part: Part | None = None
    excerpt: bool = False


@record(slots=True)
class DraftCitation:
    """A citation that the provider returned: characters of a part of the answer, and numbers of `Draft.returned`."""

    part: Part
    start: int
    end: int
    sources: tuple[int, ...]
    pointer: Pointer
    missing: str = ""
    quote: str = ""


_NUMBER, _SWITCH, _WORD = (int, float), (bool,), (str,)
_TYPE_NAMES: Mapping[tuple[type, ...], str] = {
    _NUMBER: "a number",
    _SWITCH: "true or false",
    _WORD: "text",
    (Mapping,): "an object",
}
_WHOLE = frozenset({"max_output", "seed", "thinking_budget", "window"})
_SETTING_TYPES: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("temperature", "top_p", *_WHOLE), _NUMBER),
    **dict.fromkeys(("stream", "strict_schema", "parallel_tool_calls"), _SWITCH),
    **dict.fromkeys(("response_format", "reasoning_effort", "truncation", "verbosity"), _WORD),
    "response_schema": (Mapping,),
}
"""What rules may rely on, whatever a request says: the types of `model.Settings`."""


def is_finite(value: float) -> bool:
    """Whether a number is one to count with: no NaN, no infinity, none beyond what a double can be."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _shown(value: Any) -> str:
    kinds = {bool: "true or false", str: "text", list: "a list", dict: "an object"}
    return next((name for kind, name in kinds.items() if isinstance(value, kind)), str(value)[:40])


@record(slots=True)
class Draft:
    """A reading of one exchange by one wire format."""

    messages: list[DraftMessage] = field(default_factory=list)
    answer: list[DraftMessage] = field(default_factory=list)
    tools: list[Tool] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    """Keyword arguments of `model.Settings`."""
    settings_at: dict[str, Pointer] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    model: str | None = None
    answered_by: str | None = None
    provider: str | None = None
    usage: Usage | None = None
    finish: Finish | None = None
    error: ProviderError | None = None
    unseen: list[Unseen] = field(default_factory=list)
    left_out: list[Pointer] = field(default_factory=list)
    """What the reader knows and leaves out: a turn that failed, a line that only the screen showed, a repetition."""
    not_understood: list[Pointer] = field(default_factory=list)
    returned: list[DraftSource] = field(default_factory=list)
    citations: list[DraftCitation] = field(default_factory=list)
    id: str | None = None
    previous: str | None = None
    session: str | None = None
    notes: list[str] = field(default_factory=list)
    labels: dict[str, Any] = field(default_factory=dict)
    """What a log says of the run besides; joined with the container's own."""
    has_request: bool = True
    rebuilt: bool = False
    """The messages come from a log that does not keep the request itself."""
    has_response: bool = False

    def set(self, name: str, value: Any, pointer: Pointer) -> None:
        """Record a setting under its common name, if it is given; a note where its value is of a type that it cannot have."""
        if value is None:
            return
        accepted = _SETTING_TYPES.get(name, (object,))
        fits = isinstance(value, accepted)
        if float in accepted:
            fits = isinstance(value, (int, float)) and not isinstance(value, bool) and is_finite(value)
        if not fits:
            self.notes.append(
                f"the setting {name} is not read: {_TYPE_NAMES[accepted]} is expected, and it is {_shown(value)}"
            )
            return
        self.settings[name] = int(value) if name in _WHOLE and isinstance(value, float) else value
        self.settings_at[name] = pointer


class Assembly:
    """Text put together from the deltas of a stream, keeping where each came from."""

    __slots__ = ("_at", "_pieces", "_texts")

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._pieces: list[Piece] = []
        self._at = 0

    def add(self, text: str, pointer: Pointer) -> None:
        """Append the delta that stands at `pointer`."""
        if text:
            self._pieces.append(Piece(self._at, self._at + len(text), pointer))
            self._texts.append(text)
            self._at += len(text)

    def __bool__(self) -> bool:
        return self._at > 0

    @property
    def text(self) -> str:
        """What has arrived so far."""
        return "".join(self._texts)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Where it came from."""
        return tuple(self._pieces)
