"""A system message does not come first.

Most models are trained with the rules at the top. Some chat templates reject a later system message, some move it
elsewhere, and where it is accepted it counts from there on only.

## Bad

    user: Good morning, can I still change my seat?
    system: You are the airline's assistant. Answer in one sentence.
    user: The one by the window, please.

## Good

    system: You are the airline's assistant. Answer in one sentence.
    user: Good morning, can I still change my seat?

## Fix

Put the rules into the first message. If they must change in the middle of a conversation, check that the provider takes a
late system message (newer Anthropic and OpenAI models do), or say it in a user turn.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Evidence, Hit, Kind, Message, Repair, RepairKind, Role, Severity, value, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule

_RULES = frozenset({Role.SYSTEM, Role.DEVELOPER})


@rule("LRC101", "system-message-not-first", question=Question.ROLES_IN_ORDER, severity=Severity.WARNING, explains=20,
      tags=("BREUNIG:confusion", "MAST:FM-1.2"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Find a first system message that others stand before."""
    messages = analysis.snapshot.messages
    first = next((message for message in messages if message.role in _RULES and _speaks(message)), None)
    if first is None or first.index == 0:
        return
    evidence: list[Evidence] = [whole(first.segments[0], f"message {first.index + 1}") if first.segments
                                else value(first.pointer, first.captured_role, f"message {first.index + 1}")]  # fmt: skip
    yield Hit(
        f"the first {first.captured_role} message is number {first.index + 1}, after a {messages[0].captured_role} message",
        tuple(evidence),
        facts={"index": first.index},
    )


def _speaks(message: Message) -> bool:
    """Whether there are words in it; a block that only adds a tool is no set of rules."""
    return not message.segments or any(segment.kind is not Kind.OPAQUE for segment in message.segments)


@check.repairs
def repairs(hit: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Move the message to the front."""
    message = analysis.snapshot.messages[int(hit.facts["index"])]
    first = next(analysis.snapshot.segments(), None)
    if message.segments and first is not None:
        ids = tuple(segment.id for segment in message.segments)
        yield Repair("Put the system message first", RepairKind.MOVE_BLOCK, segments=ids, before=first.id)
