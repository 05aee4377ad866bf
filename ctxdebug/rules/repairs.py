"""The repairs that several rules offer, each an edit of the assembled request."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ctxdebug.model import Repair, RepairKind
from ctxdebug.records import replace

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.model import Evidence, Hit, Message, Segment, Snapshot


def add_instruction(title: str, text: str, to: Segment | None) -> Iterator[Repair]:
    """Yield the repair that adds a sentence at the end of a segment; nothing where there is no segment."""
    if to is not None:
        yield Repair(title, RepairKind.ADD_INSTRUCTION, text, (to.id,))


def remove(title: str, blocks: Iterable[Segment | None]) -> Iterator[Repair]:
    """Yield the repair that leaves whole segments out."""
    ids = tuple(dict.fromkeys(block.id for block in blocks if block is not None))
    if ids:
        yield Repair(title, RepairKind.REMOVE_BLOCK, segments=ids)


def cut_out(title: str, shown: Evidence, instead: str = "") -> Iterator[Repair]:
    """Yield the repair that puts other text, or none, in the place of the characters that a hit shows."""
    if shown.segment is not None and shown.snapshot is None:
        yield Repair(title, RepairKind.REPLACE_TEXT, instead, (shown.segment.id,), (shown.start, shown.end))


def attack_out(title: str, hit: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Yield the repair that takes an attack out of its segment: from its first passage there to its last."""
    shown = hit.evidence[0]
    for attack in analysis.attacks:
        lead = attack.lead
        if lead.segment is shown.segment and lead.passage.start == shown.start:
            passages = [one.passage for one in (lead, *attack.others) if one.segment is lead.segment]
            start, end = min(one.start for one in passages), max(one.end for one in passages)
            yield Repair(title, RepairKind.REPLACE_TEXT, "", (lead.segment.id,), (start, end))
            return


def set_to(title: str, setting: str, to: Any) -> Repair:
    """Return the repair that gives a setting a value, by its common name in `Settings`."""
    return Repair(title, RepairKind.CHANGE_SETTING, json.dumps(to), setting=setting)


def question_last(_: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Yield the repair that moves the question behind everything else."""
    if analysis.question is not None:
        yield Repair("Put the question after the documents", RepairKind.MOVE_BLOCK, segments=(analysis.question.id,))


def put_back(title: str, gone: Iterable[Segment], since: Snapshot, analysis: Analysis) -> Iterator[Repair]:
    """Yield the repair that sends content of an earlier turn again, in its own messages, before the question."""
    ids = {segment.id for segment in gone}
    restored = tuple(message for message in (_part(old, ids) for old in (*since.messages, *since.answer)) if message)
    last = next((m for m in reversed(analysis.snapshot.messages) if m.segments), None)
    if restored and last is not None:
        yield Repair(title, RepairKind.RESTORE_CONTENT, before=last.segments[0].id, restored=restored)


def _part(message: Message, ids: set[str]) -> Message | None:
    """Return a message with the segments of these ids; None where it has none of them."""
    held = tuple(segment for segment in message.segments if segment.id in ids)
    return replace(message, segments=held) if held else None
