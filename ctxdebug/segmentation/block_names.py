"""Names of the blocks of a prompt that a person can type, and find in the capture: `messages[3]`, `system`, `handbook-2022`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ctxdebug.text.printable import excerpt

if TYPE_CHECKING:
    from ctxdebug.model import Message, Segment, Snapshot

_WHOLE = frozenset(
    {"system", "systemInstruction", "system_instruction", "systemPrompt", "system_prompt", "instructions", "prompt"}
)
"""Members of a request that are a message by themselves."""
_LONGEST = 40


def message_name(message: Message) -> str:
    """Return a message's name by its place in the captured request; where that has none, by its number."""
    before, last = ("", *message.pointer)[-2:] if message.pointer else ("", "")
    if last in _WHOLE:
        return str(last)
    if isinstance(last, int) and type(before) is str and before.isidentifier():
        return f"{before}[{last}]"
    return f"messages[{message.index}]"


def block_names(snapshot: Snapshot) -> dict[str, str]:
    """Return the name of every segment of the prompt and of the answer, by the segment's id.

    A message of one segment has the message's name, a document its own id, title or address. Of a longer message, the
    text is `messages[5].text`; calls and results are numbered, but for those around documents, which are one thing.
    """
    names: dict[str, str] = {}
    for message in snapshot.messages:
        names.update(_in_message(message, message_name(message)))
    answered = snapshot.answer_segments()
    return names | dict.fromkeys((part.id for part in answered), "the answer")


def _in_message(message: Message, name: str) -> dict[str, str]:
    if len(message.segments) == 1 and document_name(message.segments[0]) is None:
        return {message.segments[0].id: name}
    alone = any(segment.document is not None for segment in message.segments)
    kinds = Counter(segment.kind for segment in message.segments)
    seen: Counter[str] = Counter()
    names = {}
    for segment in message.segments:
        seen[segment.kind] += 1
        own = f"{name}.{segment.kind.value.replace(' ', '-')}"
        numbered = kinds[segment.kind] > 1 and (segment.document is not None or not alone)
        names[segment.id] = document_name(segment) or (f"{own}-{seen[segment.kind]}" if numbered else own)
    return names


def document_name(segment: Segment) -> str | None:
    """Return what a document is called: its id, its title or its address; None where it has none of them."""
    document = segment.document
    called = None if document is None else document.id or document.title or document.url
    return excerpt(called, _LONGEST) if called else None
