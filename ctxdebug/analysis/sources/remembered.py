"""What the prompt lists as remembered of the user: the memories, those that disagree, and what the answer says otherwise."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ctxdebug.analysis.sources.stated import may_list_memories
from ctxdebug.model import Role
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.memories import DeniedMemory, Memory, SupersededMemory
    from ctxdebug.analysis.sources.sourced import Sourced

_ROLES = frozenset({Role.SYSTEM, Role.DEVELOPER, Role.USER})


@record(frozen=True)
class Remembered:
    """The memories of a snapshot; each is read when it is first asked for."""

    facts: Sourced

    @cached_property
    def memories(self) -> tuple[Memory, ...]:
        """What the prompt lists as remembered of the user."""
        segments = self.facts.analysis.segments
        written = [one for one in segments if one.role in _ROLES and may_list_memories(one.text)]
        if not written:
            return ()
        from ctxdebug.analysis.sources.memories import memories

        return memories(written)

    @cached_property
    def superseded(self) -> tuple[SupersededMemory, ...]:
        """Dated memories that a newer one contradicts, and that the answer followed all the same."""
        if len(self.memories) < 2:
            return ()
        from ctxdebug.analysis.sources.memories import superseded

        examination = self.facts.examination
        return tuple(superseded(self.memories, examination.answered, examination.question_text))

    @cached_property
    def disagreeing(self) -> tuple[SupersededMemory, ...]:
        """Memories that disagree without telling which is newer, and of which the answer took one."""
        if len(self.memories) < 2:
            return ()
        from ctxdebug.analysis.sources.memories import disagreeing

        return tuple(disagreeing(self.memories, self.facts.examination.answered))

    @cached_property
    def denied(self) -> tuple[DeniedMemory, ...]:
        """What the answer says of the user otherwise than the memories."""
        if not self.memories or not self.facts.analysis.answer:
            return ()
        from ctxdebug.analysis.sources.memories import denied

        given = "\n".join(one.text for one in self.facts.analysis.segments).lower()
        return tuple(denied(self.memories, self.facts.examination.answered, given))
