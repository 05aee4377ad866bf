"""Tool declarations that give instructions: what a server wrote about its tool is read by the model like any other text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ctxdebug.analysis.directives.cues import Frame
from ctxdebug.analysis.directives.directive import Found, Passage
from ctxdebug.analysis.directives.passages import passages
from ctxdebug.model import Pointer, Snapshot, Tool
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

_FORBIDDEN = frozenset({Frame.OVERRIDE, Frame.SECRECY, Frame.BREAKOUT, Frame.HIDDEN, Frame.ENCODED, Frame.PERSONA})
"""Frames that no honest description of a tool has; urgency and steering they may have."""
_PRIVATE = wording("injection_poisoning", "private")
_SHADOW = wording("injection_poisoning", "shadow")
_RAW = wording("injection_poisoning", "raw")
_NEAR = 60
_SHORTEST_NAME = 3
"""Characters of a tool's name that may be in any word."""
_DIVERT = lazy(
    r"\b(?:bcc|cc|recipients?|forward|redirect|copy|proxy|instead (?:of|use)|replace|change the|modify the"
    r"|set the|address|url|endpoint|account)\b",
    re.IGNORECASE,
)
_EMAIL = lazy(r"[\w.+-]{1,64}@[\w-]{1,60}\.[\w.-]{2,60}")
_ADDRESS = lazy(r"[\w.+-]{1,64}@[\w-]{1,60}\.[\w.-]{2,60}|https?://[^\s'\"<>)]{4,300}")


@record(frozen=True, slots=True)
class ToolInstruction:
    """An instruction in a tool's declaration: where it stands, the text that it stands in, its characters there, and why it is one."""

    tool: Tool
    pointer: Pointer
    text: str
    start: int
    end: int
    reason: str
    decoded: str | None = None

    @property
    def words(self) -> str:
        """The instruction as declared."""
        return self.text[self.start : self.end]


def tool_instructions(snapshot: Snapshot) -> Iterator[ToolInstruction]:
    """Instructions in tool declarations, descriptions of parameters included; at most one for each text."""
    names = [(tool.name.lower(), tool.name) for tool in snapshot.tools if len(tool.name) > _SHORTEST_NAME]
    for tool in snapshot.tools:
        for pointer, text in _texts(tool):
            found = next(_instructions(tool, pointer, text, names), None)
            if found is not None:
                yield found


def _texts(tool: Tool) -> Iterator[tuple[Pointer, str]]:
    if tool.description:
        yield tool.pointer, tool.description
    stack: list[object] = [tool.schema] if tool.schema else []
    while stack:
        value = stack.pop()
        if isinstance(value, Mapping):
            described = value.get("description")
            if isinstance(described, str) and described:
                yield tool.pointer, described
            stack.extend(value.values())
        elif isinstance(value, (list, tuple)):
            stack.extend(value)


def _instructions(
    tool: Tool, pointer: Pointer, text: str, names: Sequence[tuple[str, str]]
) -> Iterator[ToolInstruction]:
    for passage in passages(text):
        if passage.reason is None and (reason := _reason(passage, text)):
            yield ToolInstruction(tool, pointer, text, passage.start, passage.end, reason, passage.decoded)
    if match := _PRIVATE.search(text):
        yield ToolInstruction(
            tool, pointer, text, match.start(), match.end(), "it asks for what the tool has no business with"
        )
    if not (_SHADOW.search(text) and _DIVERT.search(text) and _ADDRESS.search(text)):
        return  # asked first: a declaration of many tools has as many pairs of them as their square
    text_lowered = text.lower()
    for lowered, name in names:
        if lowered in text_lowered and name != tool.name:
            at = text_lowered.find(lowered)
            reason = f"it says how another tool, {name}, is to be used, and with whose address"
            yield ToolInstruction(tool, pointer, text, at, at + len(name), reason)


def _own_output(passage: Passage, text: str) -> bool:
    """Whether nothing but the raw form of what the tool returns is to be kept from the user."""
    row = [mark for mark in passage.marks if mark.cue.frame is Frame.SECRECY]
    return bool(row) and all(_RAW.match(text, mark.start, mark.end + _NEAR) for mark in row)


def _reason(passage: Passage, text: str) -> str | None:
    if passage.found is Found.HIDDEN:
        return f"it is hidden ({passage.how})"
    if passage.found is Found.ENCODED:
        return f"it is encoded ({passage.how})"
    if passage.found is Found.BREAKOUT:
        return f"it imitates {passage.how}" if passage.certain else None
    if passage.found is Found.LURE:
        return "it asks for an address with data in it to be shown"
    frames = _FORBIDDEN.intersection(passage.frames)
    if Frame.SUBSTITUTION in passage.frames and _DIVERT.search(text) and _EMAIL.search(text):
        return "it says with whose address other tools are to be used"
    if frames == {Frame.SECRECY} and _own_output(passage, text):
        return None
    return f"it is an instruction about something other than the tool ({', '.join(sorted(frames))})" if frames else None
