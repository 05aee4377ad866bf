"""A directive: words that tell somebody what to do, what they ask for, and what the conversation makes of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from ctxdebug.analysis.directives.cues import Frame, Mark
from ctxdebug.model import Segment
from ctxdebug.records import record


class Addressee(StrEnum):
    """Whom the words speak to."""

    MODEL = "the model"
    PERSON = "a person"
    UNKNOWN = "unknown"


class Grade(StrEnum):
    """How a directive is to be taken."""

    FRAMED = "framed"
    """It says of itself that it is an instruction to the model, or it was disguised as something else."""
    BARE = "bare"
    """An imperative or a task without a frame: only the conversation can tell what it is."""
    DOWNGRADED = "downgraded"
    """It reads like one, and there is a reason to take it for something else."""


class Found(StrEnum):
    """How it was found."""

    READING = "reading"
    HIDDEN = "hidden text"
    ENCODED = "encoded text"
    BREAKOUT = "envelope breakout"
    LURE = "exfiltration lure"
    GUARD = "guard model"


@record(frozen=True, slots=True)
class Action:
    """What is asked for. `verbs` and `objects` are stems; `literals` are the values that could show up in a call."""

    tools: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    literals: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    """Pairs of neighbouring stems."""
    text: str | None = None
    """The words to be said or withheld, where it asks for that."""


@record(frozen=True, slots=True)
class Obedience:
    """A later call or answer that does what a directive asked: its segment, characters, and what shows it."""

    segment: Segment
    start: int
    end: int
    shows: str
    refused: bool = False
    """The call's result says that it failed or waits for a confirmation, and nothing later confirms it."""
    value: str | None = None
    """The value of the directive that the call carries; None where it is recognised otherwise."""
    doubtful: bool = False
    """The request may have asked for this deed."""


@record(frozen=True, slots=True)
class Passage:
    """A directive as the text alone shows it: characters `start` to `end`; `top_start` to `top_end` weigh most."""

    start: int
    end: int
    top_start: int
    top_end: int
    found: Found
    score: float
    marks: tuple[Mark, ...]
    frames: tuple[Frame, ...]
    decoded: str | None = None
    how: str | None = None
    """The scheme, the disguise, the imitated tag or the address, in plain words."""
    certain: bool = True
    reason: str | None = None
    """Why it is taken for less than it reads like (quoted, fenced, …)."""


@record(frozen=True, slots=True)
class Directive:
    """A passage in its segment, with what the conversation says of it."""

    segment: Segment
    passage: Passage
    addressee: Addressee
    action: Action
    grade: Grade
    reason: str | None = None
    asked: str | None = None
    """The id of the segment in which somebody with authority asked for the same, or delegated it."""
    raised: tuple[str, ...] = ()
    """What in the conversation makes it worse: a tool that exists here, an address that nobody else named …"""
    obeyed: tuple[Obedience, ...] = ()
    consequences: tuple[str, ...] = ()
    """What could follow in this request: a tool within reach that can do it, data that can leave, secrecy."""

    @property
    def words(self) -> str:
        """The directive as captured."""
        return self.segment.text[self.passage.start : self.passage.end]

    @property
    def plain(self) -> str:
        """The directive as a model reads it: decoded where it was disguised, on one line."""
        return " ".join((self.passage.decoded or self.words).split())

    def facts(self) -> dict[str, Any]:
        """Everything that is known of it, as JSON types; offsets count characters of the segment."""
        passage, action = self.passage, self.action
        return {
            "channel": str(self.segment.provenance),
            "found": str(passage.found),
            "how": passage.how,
            "decoded": passage.decoded,
            "frames": [str(frame) for frame in passage.frames],
            "cues": [
                {"name": mark.cue.name, "shows": mark.cue.shows, "start": mark.start, "end": mark.end}
                for mark in passage.marks
            ]
            if passage.decoded is None
            else sorted({mark.cue.name for mark in passage.marks}),
            "score": round(passage.score, 2),
            "addressee": str(self.addressee),
            "action": {
                "tools": list(action.tools),
                "recipients": list(action.recipients),
                "urls": list(action.urls),
                "values": list(action.literals),
                "say": action.text,
            },
            "grade": str(self.grade),
            "reason": self.reason,
            "asked_in": self.asked,
            "raised": list(self.raised),
            "consequences": list(self.consequences),
            "obeyed": [
                {"segment": one.segment.id, "start": one.start, "end": one.end, "shows": one.shows}
                for one in self.obeyed
            ],
        }
