"""Whether the provider read less than was sent, by which law, and which blocks the model never saw.

Only a recorded count below the lower edge of every plausible count speaks; inside the band nothing is
claimed. The laws of the servers are rows of data (`ctxdebug.models.providers`), each with its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ctxdebug.analysis.truncation.loss import Loss
from ctxdebug.analysis.truncation.missing_part import PartKind, missing_parts
from ctxdebug.analysis.truncation.own_server import server_dropped, tools_not_rendered
from ctxdebug.model import Kind, Message, Role, Segment
from ctxdebug.models.providers import Truncation as Policy
from ctxdebug.models.providers import default_windows, truncations
from ctxdebug.tokens.count import Count

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.budget.prompt import Prompt
    from ctxdebug.model import Snapshot

_LEAST_LOST = 8
"""Tokens. A gap smaller than this is never called a loss."""
_BELOW_BAND = 0.9
"""An estimate's band holds most recorded counts, not all; only what lies well below it speaks."""
_LEAST_SHARE = 0.01
"""Nor is one smaller than this share of the prompt, however exact the count."""
_FALLS = 0.05
"""By how much a count must fall from one turn to the next while the transcript grows."""
_TOOLS_AT_LEAST = 0.6
"""How much of the schemas' estimate is text for sure; the rest is the provider's own preamble, which varies."""
_ROOMY = 0.8
"""Share of a window up to which a prompt, as we count it, is sure to fit."""
_ROUND_WINDOWS = tuple(1 << power for power in range(10, 19))
_OVERFULL = 0.97
"""Share of an estimate that must be more than a window, where a count fills that window to the token."""


def truncation(analysis: Analysis) -> Loss | str | None:
    """Return the loss; None when there is none; a sentence when it cannot be told."""
    snapshot, prompt = analysis.snapshot, analysis.prompt
    if snapshot.usage is None or snapshot.usage.prompt is None:
        if not snapshot.has_response:
            return "needs a recorded response"
        return (
            "the response records no prompt tokens" if snapshot.error is None else "the provider answered with an error"
        )
    if not snapshot.has_request:
        return "the request is not in the capture"
    if (fallen := _fallen(analysis)) is not None:
        return fallen
    recorded = snapshot.usage.prompt
    if snapshot.request is not None and recorded > 0 and (dropped := server_dropped(analysis, recorded)) is not None:
        return dropped
    if not prompt.estimable:
        return f"the prompt cannot be counted from the capture: {prompt.why_not}"
    if snapshot.request is None:
        return "the capture is a log of messages, not the request that was sent"
    if recorded <= 0:
        return "the response records no prompt tokens"
    policy, window = _policy(analysis, recorded)
    if recorded >= least_read(prompt.total) and not _fills(prompt.total, recorded, policy, window):
        return tools_not_rendered(analysis, recorded)
    end, lost = _left_out(analysis, recorded, policy)
    # inside the band, the size of what is missing is too uncertain to be matched with a part
    parts = missing_parts(analysis, recorded) if recorded < least_read(prompt.total) else ()
    if parts and parts[0].kind is PartKind.REASONING:
        return None  # a chat template leaves earlier reasoning out, as its model wants it
    certain = recorded < _text(prompt) or (policy is not None and window is not None)
    lost = lost or (parts[0].segments if parts else ())
    return Loss(recorded, prompt.total, policy, window, end, lost, certain, parts, fits_window=_fits(analysis))


def _fills(sent: Count, recorded: int, policy: Policy | None, window: int | None) -> bool:
    """Whether a count is, to the token, what a server leaves of a longer prompt in its window: no estimate has to prove that."""
    exactly = policy is not None and window is not None and recorded in policy.prompt_tokens(window)
    return exactly and not sent.exact and _OVERFULL * sent.value > recorded


def _fits(analysis: Analysis) -> bool | None:
    """Whether the prompt as sent fits the window, with room to spare."""
    window = analysis.window
    return None if window is None else analysis.prompt.total.value < _ROOMY * window.input_limit


def _fallen(analysis: Analysis) -> Loss | None:
    """Return a prompt that only grew since the last turn, and of which the provider read less than of the last one."""
    snapshot = analysis.snapshot
    last = analysis.earlier[-1].snapshot if analysis.earlier else None
    if last is None or last.usage is None or last.usage.prompt is None or snapshot.usage is None:
        return None
    recorded, before = snapshot.usage.prompt or 0, last.usage.prompt
    if recorded <= 0 or recorded >= before - max(2 * _LEAST_LOST, _FALLS * before) or last.model != snapshot.model:
        return None
    old, new = analysis.earlier[-1].segments, analysis.segments
    grew = len(new) > len(old) and all(one.text == other.text for one, other in zip(old, new, strict=False))
    plain = all(one.kind in {Kind.TEXT, Kind.DOCUMENT, Kind.TOOL_RESULT, Kind.TOOL_CALL} for one in old)
    explained = analysis.earlier[-1].prompt.estimable and before <= analysis.earlier[-1].prompt.total.high + _LEAST_LOST
    same = analysis.host == analysis.earlier[-1].host and _frame(last) == _frame(snapshot)
    if not (grew and plain and explained and same):
        return None
    sent = analysis.prompt.total
    if sent.value < before:
        sent = Count.estimate(before, before, before)
    policy, window = _policy(analysis, recorded)
    end, lost = _left_out(analysis, recorded, policy)
    parts = missing_parts(analysis, recorded)
    lost = lost or (parts[0].segments if parts else ())
    return Loss(recorded, sent, policy, window, end, lost, True, parts, fits_window=_fits(analysis))


def _frame(snapshot: Snapshot) -> tuple[object, ...]:
    """Return what a provider adds tokens for besides the messages."""
    settings = snapshot.settings
    tools = [tool.text for tool in snapshot.tools]
    return tools, settings.response_format, settings.response_schema, settings.tool_choice, settings.thinking_budget


def least_read(total: Count) -> float:
    """Return the fewest tokens that the provider can plausibly have read without a loss."""
    if total.exact:
        return total.value - max(_LEAST_LOST, _LEAST_SHARE * total.value)
    return _BELOW_BAND * total.low - _LEAST_LOST


def _text(prompt: Prompt) -> float:
    """Return the fewest tokens that the text alone can have: framing, and a provider's preamble for tools, may be less than thought."""
    if prompt.total.exact:
        return prompt.total.value
    text = sum(count.value for count in prompt.segments.values()) + _TOOLS_AT_LEAST * prompt.tools.value
    return text * prompt.total.low / max(1, prompt.total.value) - 2 * _LEAST_LOST


def _policy(analysis: Analysis, recorded: int) -> tuple[Policy | None, int | None]:
    """Return the law that leaves the recorded count behind, or one that the request switches on."""
    snapshot = analysis.snapshot
    policies = truncations(analysis.host, snapshot.format)
    for window in _windows(analysis):
        for policy in policies:
            if recorded in policy.prompt_tokens(window):
                return policy, window
    if analysis.host is None:
        half = next((window for window in _windows(analysis) if 1 <= recorded - window // 2 <= 4), None)
        if half is not None:
            return next(policy for policy in truncations("ollama") if policy.law == "half"), half
    for policy in policies:
        if policy.parameter is not None and (snapshot.settings.truncation or "").startswith(f"{policy.parameter}="):
            return policy, None
    for policy in policies:
        if policy.law == "messages" and policy.enabled == "always" and _fitting_tail(analysis, recorded):
            return policy, snapshot.settings.window
    return None, None


def _windows(analysis: Analysis) -> Sequence[int]:
    """Return the windows that may have been in force: the request's own, else the server's defaults and round numbers."""
    if analysis.options.window or analysis.snapshot.settings.window:
        return [analysis.options.window or analysis.snapshot.settings.window or 0]
    defaults = [window.tokens for window in default_windows(analysis.host) if window.tokens]
    return [*dict.fromkeys((*defaults, *_ROUND_WINDOWS))]


def _fitting_tail(analysis: Analysis, recorded: int) -> bool:
    """Whether the system messages and some whole last messages add up to what was read, within five per cent."""
    sizes = [_size(analysis, message.segments) for message in analysis.snapshot.messages]
    fixed = sum(
        size for size, message in zip(sizes, analysis.snapshot.messages, strict=True) if message.role is Role.SYSTEM
    )
    rest = [
        size for size, message in zip(sizes, analysis.snapshot.messages, strict=True) if message.role is not Role.SYSTEM
    ]
    total = fixed + analysis.prompt.tools.value
    for size in reversed(rest):
        total += size
        if abs(total - recorded) <= max(8, recorded // 20):
            return True
    return False


def _size(analysis: Analysis, segments: Iterable[Segment]) -> int:
    return sum(analysis.prompt.segments[segment.id].value for segment in segments)


def _left_out(analysis: Analysis, recorded: int, policy: Policy | None) -> tuple[str, tuple[Segment, ...]]:
    """Simulate the law: the end that it cuts, and the segments that it leaves out, wholly or in part."""
    law = policy.law if policy is not None else ""
    messages = analysis.snapshot.messages
    excess = analysis.prompt.total.value - recorded
    if law in {"half", "window", "last"}:
        return "front", _taken(analysis, messages, excess)
    if law == "messages":
        return "front", _taken(
            analysis, [message for message in messages[:-1] if message.role is not Role.SYSTEM], excess
        )
    if law == "middle" and len(messages) > 2:
        half = recorded // 2
        kept_head = 0
        inner: list[Message] = []
        for message in messages:
            kept_head += _size(analysis, message.segments)
            if kept_head > half:
                inner.append(message)
        return "middle", _taken(analysis, inner, excess)
    return "unknown", ()


def _taken(analysis: Analysis, messages: Sequence[Message], excess: int) -> tuple[Segment, ...]:
    lost: list[Segment] = []
    for message in messages:
        for segment in message.segments:
            if excess <= 0:
                return tuple(lost)
            size = analysis.prompt.segments[segment.id].value
            if size:
                lost.append(segment)
            excess -= size
    return tuple(lost)
