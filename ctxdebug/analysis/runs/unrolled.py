"""One context as the calls that made it: every answer of the model in the history was a call that read what precedes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Role
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.model import Message, Usage


@record(frozen=True, slots=True)
class Call:
    """One call of the model. `read` is how many messages of the snapshot it read; `answer` is None where none was captured."""

    read: int
    answer: Message | None
    counted: int
    """Tokens of what the capture holds of its prompt."""
    usage: Usage | None
    model: str | None
    time: str | None
    cost: float | None
    """USD, only where the log itself says so."""
    last: bool
    """Whether it is the snapshot's own call, and not one of its history."""

    @property
    def sent(self) -> int:
        """Prompt tokens: as the provider counted them, else ours."""
        return self.counted if self.usage is None or not self.usage.prompt else self.usage.prompt

    @property
    def recorded(self) -> bool:
        """Whether the provider counted them."""
        return self.usage is not None and bool(self.usage.prompt)


def unrolled(analysis: Analysis) -> tuple[Call, ...]:
    """Return the calls of a context, oldest first; the last is the snapshot's own."""
    snapshot, prompt = analysis.snapshot, analysis.prompt
    found = []
    for message in snapshot.messages:
        if message.role is not Role.ASSISTANT or not message.segments or not message.index:
            continue
        record = message.record
        found.append(
            Call(
                message.index,
                message,
                prompt.starts[message.segments[0].id],
                record.usage if record else None,
                (record.model if record else None) or snapshot.model,
                record.time if record else None,
                record.cost if record else None,
                last=False,
            )
        )
    if snapshot.answer or snapshot.error is not None or not _waits(snapshot.messages):
        answer = snapshot.answer[0] if snapshot.answer else None
        record = answer.record if answer is not None else None
        found.append(
            Call(
                len(snapshot.messages),
                answer,
                prompt.total.value,
                snapshot.usage or (record.usage if record else None),
                (record.model if record else None) or snapshot.answered_by or snapshot.model,
                record.time if record else _time(snapshot.labels.get("timestamp")),
                record.cost if record else None,
                last=True,
            )
        )
    return tuple(found)


def _waits(messages: tuple[Message, ...]) -> bool:
    """Whether a context ends with an answer: nothing was asked of the model after it."""
    return bool(messages) and messages[-1].role is Role.ASSISTANT


def _time(value: object) -> str | None:
    return value if isinstance(value, str) else None
