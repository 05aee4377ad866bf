"""The nouns of ctxdebug, and nothing that acts on them.

Every other module speaks in these words, so this one imports nothing of ours but the questions. Captured text is
held exactly as the model saw it; making it safe to show is the business of whoever shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum, IntEnum, StrEnum
from typing import Any, TypeAlias

from ctxdebug.questions import Fallback, Question, Step
from ctxdebug.records import field, record

# --- who said it, and what that is worth ----------------------------------------------------


class Authority(IntEnum):
    """Whose instructions count, low to high (OpenAI Model Spec, chain of command)."""

    NONE = 0
    GUIDELINE = 1
    USER = 2
    DEVELOPER = 3
    SYSTEM = 4
    ROOT = 5


class Trust(StrEnum):
    """How far the words themselves can be believed, whoever relayed them."""

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"


class Provenance(StrEnum):
    """Where the words came from."""

    AUTHORED = "authored"
    USER_INPUT = "user input"
    RETRIEVED = "retrieved"
    TOOL_RESULT = "tool result"
    MEMORY = "memory"
    MODEL_OUTPUT = "model output"


class Role(StrEnum):
    """A message's role, normalised; `Message.captured_role` keeps the provider's own word."""

    SYSTEM = "system"
    DEVELOPER = "developer"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"
    OTHER = "other"


# --- where it stood -------------------------------------------------------------------------


class Decoding(Enum):
    """A step of a pointer that reads the text reached so far as another format, and goes on inside."""

    JSON = "json"
    LINES = "lines"
    YAML = "yaml"
    SSE = "sse"
    GZIP = "gzip"
    ZSTD = "zstd"
    BASE64 = "base64"
    HEX = "hex"
    ZIP = "zip"
    PYTHON = "python"
    TRANSCRIPT = "transcript"
    AWS_EVENTS = "aws-events"
    SQLITE = "sqlite"
    """A table and a key follow."""
    BESIDE = "beside"
    """The name of another file in the same folder follows, which was read with this one."""
    PROTOBUF = "protobuf"
    TNETSTRING = "tnetstring"
    """A flow file of mitmproxy; the number of the flow follows."""
    SLICE = "slice"
    """Two numbers follow: the first character and the one after the last."""


Pointer: TypeAlias = tuple[str | int | Decoding, ...]
"""The way from the bytes of a file to a value: keys and indexes, with a `Decoding` wherever one
format lies inside another. `(LINES, 16, JSON, "request", "body", JSON, "messages", 0)` is the
first message in a JSON string in line 17. `LINES` counts from 0."""


def pointer_text(pointer: Pointer) -> str:
    """Return a pointer as people write it: RFC 6901, with `~json` where a string is read as JSON.

    Decodings that lead into the file itself are left out, so a plain JSON file gives a plain JSON
    pointer, and line 17 of a JSONL file begins with `/16`.
    """
    parts: list[str] = []
    for step in pointer:
        if isinstance(step, Decoding):
            if parts and not (len(parts) == 1 and step is Decoding.JSON and parts[0].isdigit()):
                parts.append(f"~{step.value}")
        else:
            parts.append(str(step).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in parts)


@record(frozen=True, slots=True)
class Piece:
    """A stretch of a segment's text and the captured string it was read from.

    `start` and `end` count characters of the segment; `offset` is where the stretch begins in the
    decoded string at `pointer`. With `rendered`, `pointer` leads to an object or a number, the text
    is our rendering of it, and a span inside locates to the whole value.
    """

    start: int
    end: int
    pointer: Pointer
    offset: int = 0
    rendered: bool = False


# --- what the model saw ---------------------------------------------------------------------


class Kind(StrEnum):
    """What a segment is."""

    TEXT = "text"
    DOCUMENT = "document"
    TOOL_CALL = "tool call"
    TOOL_RESULT = "tool result"
    THINKING = "thinking"
    MEDIA = "media"
    OPAQUE = "opaque"


@record(frozen=True, slots=True)
class Document:
    """What a retrieved document says of itself; every field only where it shows one."""

    id: str | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None


@record(frozen=True, slots=True)
class ToolCall:
    """A call that the model made. `arguments` is the captured text; `parsed` is None when it is not JSON."""

    id: str | None
    name: str
    arguments: str
    parsed: Any = None
    error: str | None = None
    server_side: bool = False


@record(frozen=True, slots=True)
class Media:
    """An image, sound or file: kept as its kind and size, never as bytes."""

    type: str
    size: int | None = None
    """Bytes, where the capture holds them."""
    reference: str | None = None
    """A URL or a file id, where it does not."""
    width: int | None = None
    height: int | None = None
    detail: str | None = None


@record(frozen=True, slots=True)
class Segment:
    """The smallest stretch of a message with one author, one trust and one origin."""

    id: str
    """`m3.s1`: message 3, segment 1; the answer's messages are `a0.s0`. Unique in a snapshot."""
    role: Role
    kind: Kind
    text: str
    pieces: tuple[Piece, ...]
    authority: Authority = Authority.NONE
    trust: Trust = Trust.UNTRUSTED
    provenance: Provenance = Provenance.USER_INPUT
    document: Document | None = None
    call: ToolCall | None = None
    call_id: str | None = None
    """On a tool result (and the documents inside one): the id of the call that it answers."""
    tool: str | None = None
    """On a tool result: the tool's name, where it is known."""
    is_error: bool = False
    media: Media | None = None
    cache_mark: bool = False
    quoted: bool = False
    """Text that its author set off as somebody else's words."""


@record(frozen=True, slots=True)
class Message:
    """A role and its content. The segments' texts, joined, are the content, exactly."""

    index: int
    role: Role
    captured_role: str
    segments: tuple[Segment, ...]
    pointer: Pointer
    name: str | None = None
    record: Record | None = None
    """What a session log says of this message besides; None where it says nothing."""

    @property
    def text(self) -> str:
        """Every segment's text, joined."""
        return "".join(segment.text for segment in self.segments)


@record(frozen=True, slots=True)
class Tool:
    """A tool that the request declared. `text` is the declaration as compact JSON."""

    name: str
    description: str
    schema: Mapping[str, Any] | None
    text: str
    pointer: Pointer
    type: str = "function"
    deferred: bool = False
    """Known to the server, and not in the prompt until it is searched for."""
    strict: bool | None = None


class FinishReason(StrEnum):
    """Why the answer ended."""

    STOP = "stop"
    TOOL_CALLS = "tool calls"
    LENGTH = "output limit"
    WINDOW = "window full"
    FILTER = "content filter"
    STOP_SEQUENCE = "stop sequence"
    ERROR = "error"
    ABORTED = "stream broken off"
    PAUSE = "pause"
    OTHER = "other"


@record(frozen=True, slots=True)
class Finish:
    """Why the answer ended, normalised, with the provider's own word."""

    reason: FinishReason
    captured: str
    pointer: Pointer


@record(frozen=True, slots=True)
class Usage:
    """Token counts as the provider reported them; None where it did not.

    `prompt` is the whole prompt (for Anthropic and Bedrock: input + cache read + cache write);
    `output` includes `reasoning`. `raw` is the provider's own object.
    """

    prompt: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    output: int | None = None
    reasoning: int | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)
    pointer: Pointer = ()
    said_cut: Pointer | None = None
    """Where the server itself says that it dropped part of the context (llama.cpp's `truncated`)."""


@record(frozen=True, slots=True)
class Record:
    """What a session log says of one of its messages besides the content: for an answer, of the call that it ended."""

    model: str | None = None
    usage: Usage | None = None
    time: str | None = None
    """When it was logged, as captured."""
    cost: float | None = None
    """USD, where the log itself says so."""


@record(frozen=True, slots=True)
class ProviderError:
    """An error that the provider returned, whatever the HTTP status said."""

    message: str
    code: str | None
    pointer: Pointer
    status: int | None = None
    numbers: tuple[tuple[str, int], ...] = ()
    """Whole numbers that stand beside the message, by the name of their field."""


class UnseenKind(StrEnum):
    """Why part of the prompt is not in the capture."""

    CONVERSATION = "earlier turns kept on the server"
    ENCRYPTED = "content that only the server can read"
    REASONING = "reasoning that only the server can read"
    REFERENCE = "content behind a URL or an id"
    SERVER_TOOL = "what a server-side tool adds"
    TEMPLATE = "a prompt put together on the server"
    CACHE = "a prompt in the server's cache"
    NOT_LOGGED = "what the log does not keep"
    REMOVED = "text removed before the capture was stored"
    IDS = "text given as token ids"
    EXCERPTS = "sources of which the provider returns excerpts or addresses only"


@record(frozen=True, slots=True)
class Unseen:
    """Part of the prompt that the capture does not hold: a server-side conversation, a file id, a cache."""

    what: str
    pointer: Pointer
    kind: UnseenKind


@record(frozen=True, slots=True)
class ReturnedSource:
    """A source that the provider names beside its answer: what it searched, or what it was given."""

    document: Document
    pointer: Pointer
    segments: tuple[str, ...] = ()
    """Ids of the segments with its text, in the prompt or in the answer; empty where the provider returned a title or an address only."""
    excerpt: bool = False
    """Whether the model read more of it than that text."""


@record(frozen=True, slots=True)
class ReturnedCitation:
    """A citation that the provider returned: which words of the answer it stands by, and which sources it names."""

    segment: str
    """Id of the answer's segment."""
    start: int
    end: int
    """Characters of that segment."""
    sources: tuple[int, ...]
    """Numbers in `Snapshot.returned`."""
    pointer: Pointer
    missing: str = ""
    """What it names that is among no sources; empty where all are there."""
    quote: str = ""
    """The source's own words, where the provider repeats them."""


@record(frozen=True, slots=True)
class Settings:
    """The request's parameters that a rule may need, by one name for all providers; None when unset."""

    max_output: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    stream: bool | None = None
    response_format: str | None = None
    """`json_object`, `json_schema`, or the provider's other word."""
    response_schema: Mapping[str, Any] | None = None
    strict_schema: bool | None = None
    tool_choice: Any = None
    parallel_tool_calls: bool | None = None
    reasoning_effort: str | None = None
    thinking_budget: int | None = None
    window: int | None = None
    """A window that the request itself sets (Ollama's `num_ctx`)."""
    truncation: str | None = None
    """A setting that lets the server cut the prompt, by its captured value."""
    verbosity: str | None = None


@record(frozen=True, slots=True)
class Snapshot:
    """One exchange, normalised: everything the model saw, and what it answered."""

    path: str
    pointer: Pointer
    """Where the exchange stands in the file."""
    container: str
    format: str
    provider: str | None
    model: str | None
    messages: tuple[Message, ...]
    """The request, in the order in which the model reads it; a top-level system text comes first."""
    answer: tuple[Message, ...] = ()
    tools: tuple[Tool, ...] = ()
    settings: Settings = Settings()
    settings_at: Mapping[str, Pointer] = field(default_factory=dict)
    """Where each setting that is given stands, by its common name."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """The request without its messages and tools, as captured."""
    request: Any = None
    """The raw request, for freezing and replay; None when the capture holds only messages."""
    request_at: Pointer = ()
    response: Any = None
    answered_by: str | None = None
    """The model that the response names."""
    usage: Usage | None = None
    finish: Finish | None = None
    error: ProviderError | None = None
    unseen: tuple[Unseen, ...] = ()
    not_understood: tuple[Pointer, ...] = ()
    """Texts of the request and the response that no reader knows what to do with; a note tells them."""
    has_request: bool = True
    has_response: bool = False
    status: int | None = None
    url: str | None = None
    id: str | None = None
    """The provider's id of the response."""
    session: str | None = None
    previous: str | None = None
    """The id of the response that this request goes on from (`previous_response_id`)."""
    notes: tuple[str, ...] = ()
    """What the loader had to assume or leave out, in plain words."""
    labels: Mapping[str, Any] = field(default_factory=dict)
    """What the container says of the exchange besides (timestamps, latency in seconds, cost, task ids)."""
    returned: tuple[ReturnedSource, ...] = ()
    """What the provider names as sources beside its answer, in its order."""
    citations: tuple[ReturnedCitation, ...] = ()
    """What the provider says each stretch of the answer comes from."""
    sent_on: Snapshot | None = None
    """The request as a proxy sent it on, without an answer of its own; None where the capture has one request only."""

    def segments(self) -> Iterator[Segment]:
        """Every segment that the model read, in order."""
        for message in self.messages:
            yield from message.segments

    def answer_segments(self) -> Iterator[Segment]:
        """Every segment that the model wrote."""
        for message in self.answer:
            yield from message.segments


# --- what we found --------------------------------------------------------------------------


class Severity(IntEnum):
    """How bad it is, if it is so."""

    NOTE = 0
    WARNING = 1
    ERROR = 2

    @property
    def word(self) -> str:
        """The word that people read and type: `note`, `warning`, `error`."""
        return self.name.lower()


class Confidence(IntEnum):
    """How sure we are that it is so."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2

    @property
    def word(self) -> str:
        """The word that people read and type: `low`, `medium`, `high`."""
        return self.name.lower()


class Need(StrEnum):
    """A part that a rule needs and that may be absent; the rule is then listed as not checked."""

    RESPONSE = "a recorded response"
    REQUEST = "the request"
    SESSION = "an earlier turn of the same conversation"
    JUDGE = "an endpoint to ask (--judge)"


@record(frozen=True, slots=True)
class Evidence:
    """The words that a hit stands on, or the value: characters of a segment, or a place in the file."""

    note: str
    """What these words show, in plain words."""
    segment: Segment | None = None
    start: int = 0
    end: int = 0
    pointer: Pointer | None = None
    """Where no segment holds it (a parameter, a usage figure, a tool declaration)."""
    text: str | None = None
    """The value's rendering where no segment holds it."""
    snapshot: Snapshot | None = None
    """The snapshot it stands in, where that is not the one being checked."""

    @property
    def quote(self) -> str:
        """The words themselves, as captured."""
        if self.segment is not None:
            return self.segment.text[self.start : self.end]
        return self.text or ""


def quote(segment: Segment, start: int, end: int, note: str) -> Evidence:
    """Evidence that is characters `start` to `end` of a segment."""
    return Evidence(note, segment, start, end)


def whole(segment: Segment, note: str) -> Evidence:
    """Evidence that is a whole segment."""
    return Evidence(note, segment, 0, len(segment.text))


def value(pointer: Pointer, text: str, note: str) -> Evidence:
    """Evidence that is a value outside every segment."""
    return Evidence(note, pointer=pointer, text=text)


class RepairKind(StrEnum):
    """How a repair edits the assembled request."""

    ADD_INSTRUCTION = "add an instruction"
    REPLACE_TEXT = "replace text"
    REMOVE_BLOCK = "remove a block"
    MOVE_BLOCK = "move a block"
    DELIMIT_TEXT = "delimit text"
    MERGE_MESSAGES = "merge messages"
    PAIR_CALLS = "pair calls with results"
    REMOVE_TOOL = "remove a tool declaration"
    CHANGE_SETTING = "change a setting"
    RESTORE_CONTENT = "restore content"


@record(frozen=True, slots=True)
class Repair:
    """An edit of the assembled request that could settle a finding; never of a captured file.

    `ctxdebug.segmentation.repaired` puts it into a request.
    """

    title: str
    """What to do, as a sentence in the imperative."""
    kind: RepairKind
    text: str = ""
    """The text that is added or put in place of what was there, or the name of a delimiter; for a setting its JSON value."""
    segments: tuple[str, ...] = ()
    """Ids of the segments that are edited, moved, merged or removed, in the order in which they should be."""
    span: tuple[int, int] | None = None
    """First character and the one after the last, where only part of the one segment is meant."""
    before: str = ""
    """Id of the segment before which a block moves or content is restored; the end of the request where empty."""
    setting: str = ""
    """The setting that is changed, by its common name in `Settings`."""
    tool: Pointer = ()
    """Where the declaration that is removed stands."""
    restored: tuple[Message, ...] = ()
    """What is put back, in order."""


@record(frozen=True, slots=True)
class Demand:
    """What an eval case should demand after a finding: an expectation's name, its value, and why."""

    kind: str
    """The name of an expectation (`contains`, `not-contains`, `abstains`, …), or `any` of several demands."""
    value: Any
    """The expectation's value; for `any` a tuple of demands."""
    reason: str


@record(frozen=True, slots=True)
class Hit:
    """What a rule saw. The engine makes a finding of it."""

    message: str
    evidence: tuple[Evidence, ...]
    advice: str | None = None
    """What to do in this very case; the rule's `## Fix` when None."""
    severity: Severity | None = None
    """Only where the rule grades by size; otherwise the catalogue's."""
    confidence: Confidence | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Machine-readable particulars, JSON types only (the two values, the two dates, the lost blocks)."""
    subject: str = ""
    """What the finding is about, where its evidence grows from turn to turn: a session reports one subject once."""


@record(frozen=True, slots=True)
class NotChecked:
    """A rule could not look, and why: `the window of model x is not known; set it with --window`."""

    reason: str


@record(frozen=True, slots=True)
class Place:
    """Lines and columns of a file, from 1; columns count characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@record(frozen=True, slots=True)
class Exhibit:
    """Evidence made concrete: its place in the file and its words."""

    path: str
    pointer: str
    place: Place | None
    segment: str | None
    start: int
    end: int
    text: str
    note: str


class ProofVerdict(StrEnum):
    """What asking the model again says of a finding: whether it has to do with the failure."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@record(frozen=True, slots=True)
class FindingProof:
    """What asking the model again showed of a finding."""

    verdict: ProofVerdict
    by: str
    """The command that proved it: `blame` takes the evidence out, `fix` puts the repair in."""
    failure: str
    """What counts as a failure, in the words of the command line."""
    fails: int
    runs: int
    """Answers to the request as it was that fail, of how many."""
    then_fails: int = 0
    then_runs: int = 0
    """The same without the evidence, or with the repair; no runs where it was not tested."""
    interval: tuple[float, float] | None = None
    """Of the difference of both rates, exact."""
    p: float | None = None
    """Of that difference, corrected for every look and every part that was tested."""
    reason: str = ""

    @property
    def sentence(self) -> str:
        """The verdict with its figures."""
        then = "with its repair" if self.by == "fix" else "without it"
        figures = f"{self.fails} of {self.runs} answers fail, {then} {self.then_fails} of {self.then_runs}"
        if not self.then_runs:
            figures = self.reason or "it was not tested"
        role = " as the cause of this answer" if self.verdict is ProofVerdict.REFUTED else ""
        return f"{self.verdict.value} by replay{role}: {figures}"


@record(frozen=True, slots=True)
class Finding:
    """A hit, stamped with what the catalogue knows of its rule."""

    code: str
    name: str
    family: str
    question: Question | None
    """The question that the finding answers; None for a finding about a whole suite, or of a project's own rule that answers none."""
    severity: Severity
    confidence: Confidence
    message: str
    evidence: tuple[Exhibit, ...]
    fix: str
    tags: tuple[str, ...]
    fingerprint: str
    path: str
    pointer: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    why: str = ""
    """Why the rule matters, in a paragraph."""
    explains: int = 0
    """How well the fault explains a wrong answer, 0 (not at all) to 100."""
    fallback: Fallback | None = None
    """The way out that the finding calls for."""
    proof: FindingProof | None = None
    """What asking the model again showed of it; None where nobody has."""

    @property
    def step(self) -> Step:
        """The debugging step that the finding's question belongs to."""
        return self.question.step if self.question is not None else Step.CASE

    @property
    def place(self) -> Place | None:
        """Where the first exhibit stands."""
        return self.evidence[0].place if self.evidence else None


@record(frozen=True, slots=True)
class Problem:
    """Something that stopped us looking. Never a finding, never silent, never exit 0."""

    path: str
    message: str
    pointer: str = ""
    ours: bool = False
    """Our own fault (a rule broke): the input itself was read."""
    fatal: bool = True
    """False for a warning about input that was read all the same (a duplicate key, a cut last line)."""
    unknown: bool = False
    """The content is of no known kind, rather than broken."""
    kind: str | None = None
    """What the file is, where a folder walk should count it by this name instead of telling the problem."""
