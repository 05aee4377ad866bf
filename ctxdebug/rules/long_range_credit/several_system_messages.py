"""The instructions come in several system messages.

Each may be cut, moved or merged on its own, chat templates differ in what they do with the second, and two authors who do
not know of each other contradict each other sooner or later.

## Bad

    system: You are the airline's assistant. Answer in one sentence.
    user: Good morning, can I still change my seat?
    assistant: Yes, until two hours before departure.
    system: Offer the upgrade to every customer.
    user: The one by the window, please.

## Good

    system: You are the airline's assistant. Answer in one sentence. Offer the upgrade to every customer.
    user: Good morning, can I still change my seat?

## Fix

Merge them into one message at the top, with a heading for each topic.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Hit, Kind, Message, Repair, RepairKind, Role, Severity, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule("LRC102", "several-system-messages", question=Question.ROLES_IN_ORDER, severity=Severity.NOTE, explains=8,
      tags=("BREUNIG:confusion",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Count the system messages, and say which repeat an earlier one."""
    systems = [message for message in analysis.snapshot.messages if message.role is Role.SYSTEM and _speaks(message)]
    if len(systems) < 2 or _of_several_agents(systems):
        return
    texts = [" ".join(message.text.split()) for message in systems]
    same = len(texts) - len(set(texts))
    repeated = f", {same} of them word for word the same as an earlier one" if same else ""
    yield Hit(
        f"there are {len(systems)} system messages{repeated}",
        tuple(whole(message.segments[0], f"message {message.index + 1}") for message in systems[:4]),
        facts={"count": len(systems), "identical": same},
    )


def _speaks(message: Message) -> bool:
    """Whether there are words in it; a block that only adds a tool is no set of rules."""
    return any(segment.kind is not Kind.OPAQUE for segment in message.segments)


def _of_several_agents(systems: list[Message]) -> bool:
    """Logs of a group of agents hold one system message for each; no model read them all."""
    names = [message.name for message in systems]
    return None not in names and len(set(names)) == len(names)


@check.repairs
def repairs(_: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Make one message of them."""
    systems = [message for message in analysis.snapshot.messages if message.role is Role.SYSTEM and _speaks(message)]
    ids = tuple(segment.id for message in systems for segment in message.segments)
    yield Repair("Merge the system messages into one", RepairKind.MERGE_MESSAGES, segments=ids)
