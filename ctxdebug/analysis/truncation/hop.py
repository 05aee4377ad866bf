"""What a proxy left out of a request: the request as the application sent it, compared with the one that was sent on.

Where both are captured, the difference is the proof; no count is needed. A text counts as sent on wherever it is in the
later request, in whatever role: to move or merge it is another fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ctxdebug.analysis.budget.prompt import counted
from ctxdebug.model import Kind, Role, Segment, Snapshot
from ctxdebug.records import record
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

_SHORTEST = 12
"""Characters. Whether a shorter text was sent on cannot be told from the text alone."""
_COMPARED = frozenset({Kind.TEXT, Kind.DOCUMENT, Kind.TOOL_RESULT})
_NAMED = 3
_NEAR = (8, 0.15)
"""How near a count comes to the request that it is of: tokens, and a share. The other request must be twice as far off."""


@record(frozen=True, slots=True)
class HopLoss:
    """What is in the first request and not in the second. `what` names it, `segments` are those of the first."""

    before: Snapshot
    after: Snapshot
    what: str
    segments: tuple[Segment, ...]
    system: bool
    """Whether a system message is among it."""

    @property
    def summary(self) -> str:
        """The loss in one line, with both ends of the hop."""
        return (
            f"{_named(self.before, 'the proxy')} did not send on {self.what}: it is in the request that was received, and not in "
            f"the one that went to {_named(self.after, 'the provider')} (both are captured)"
        )


def hop_loss(analysis: Analysis) -> HopLoss | None:
    """Return what was lost between two captured hops of this call; None without a second hop, or where all was sent on."""
    if analysis.received is not None:
        return _lost(*_in_order(analysis, analysis.received))
    sent_on = analysis.snapshot.sent_on
    return None if sent_on is None else _lost(analysis.snapshot, sent_on)


def _in_order(analysis: Analysis, other: Snapshot) -> tuple[Snapshot, Snapshot]:
    """Return the two hops, the application's first: by the clock, else the one whose size the recorded count does not fit."""
    this = analysis.snapshot
    times = [one.labels.get("timestamp") for one in (other, this)]
    if all(isinstance(time, str) for time in times) and times[0] != times[1]:
        return (other, this) if str(times[0]) < str(times[1]) else (this, other)
    recorded = this.usage.prompt if this.usage is not None else None
    if recorded:
        off = [abs(counted(one, analysis.model, analysis.options).total.value - recorded) for one in (other, this)]
        near = _NEAR[0] + _NEAR[1] * recorded
        return (this, other) if off[0] <= near and off[1] > 2 * near else (other, this)
    return other, this


def _lost(before: Snapshot, after: Snapshot) -> HopLoss | None:
    if after.unseen or not after.messages:
        return None  # what is kept elsewhere may hold it
    sent_on = "\n".join(_squeezed(segment.text) for segment in after.segments())
    lost = [
        segment
        for segment in before.segments()
        if segment.kind in _COMPARED
        and len(text := _squeezed(segment.text)) >= _SHORTEST
        and text not in sent_on
        and text[: len(text) // 2] not in sent_on  # reworded at its end, or escaped: changed, not lost
    ]
    images = sum(one.kind is Kind.MEDIA for one in before.segments()) - sum(
        one.kind is Kind.MEDIA for one in after.segments()
    )
    tools = [tool.name for tool in before.tools if not after.tools]
    what = [*_messages(lost)]
    if tools:
        what.append(
            f"the tool declarations ({', '.join(tools[:_NAMED])}{' and others' if len(tools) > _NAMED else ''})"
        )
    if images > 0:
        what.append(plural(images, "image"))
    if not what:
        return None
    system = any(segment.role in {Role.SYSTEM, Role.DEVELOPER} for segment in lost)
    return HopLoss(before, after, " and ".join(what), tuple(lost), system)


def _messages(lost: list[Segment]) -> list[str]:
    """Return the lost texts by what they are: the system message first."""
    rules = [segment for segment in lost if segment.role in {Role.SYSTEM, Role.DEVELOPER}]
    rest = {segment.id.partition(".")[0] for segment in lost if segment not in rules}
    words = ["the system message" if len(rules) == 1 else f"{len(rules)} system texts"] if rules else []
    return [*words, *([plural(len(rest), "message")] if rest else [])]


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _named(snapshot: Snapshot, otherwise: str) -> str:
    try:
        return urlsplit(snapshot.url or "").netloc or otherwise
    except ValueError:
        return otherwise
