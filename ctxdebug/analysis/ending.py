"""Why an answer ended before it was finished, told apart, and what the cut left behind."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctxdebug.model import Finish, FinishReason, Kind, Segment

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

_NEAR = 16
"""Tokens. How near to a limit counts as having reached it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut answer. `broken` says that what is left cannot be used as it is."""

    finish: Finish
    key: str
    cause: str
    consequence: str
    broken: bool
    last: Segment | None


def ending(analysis: Analysis) -> Cut | None:
    """The cut, or None when the answer ended by itself (or on purpose after very few tokens)."""
    finish = analysis.snapshot.finish
    if finish is None:
        return None
    told = _cause(analysis, finish)
    if told is None or _on_purpose(analysis, finish):
        return None
    key, cause = told
    segments = list(analysis.snapshot.answer_segments())
    last = segments[-1] if segments else None
    consequence, broken = _consequence(analysis, segments)
    return Cut(finish, key, cause, consequence, broken, last)


def _on_purpose(analysis: Analysis, finish: Finish) -> bool:
    """A limit of a handful of tokens is a choice (classifiers, probes), not an accident."""
    limit = analysis.snapshot.settings.max_output
    return finish.reason is FinishReason.LENGTH and limit is not None and limit <= 10


def _cause(analysis: Analysis, finish: Finish) -> tuple[str, str] | None:
    if finish.reason is FinishReason.LENGTH:
        return _length_cause(analysis)
    if finish.reason is FinishReason.WINDOW:
        return "window", "the window was full"
    if finish.reason is FinishReason.FILTER:
        return "filter", f"a content filter stopped it ({finish.captured})"
    if finish.reason is FinishReason.ABORTED:
        return "aborted", "the stream broke off"
    return None


def _length_cause(analysis: Analysis) -> tuple[str, str]:
    snapshot = analysis.snapshot
    usage, limit = snapshot.usage, snapshot.settings.max_output
    output = usage.output if usage else None
    reasoning = usage.reasoning if usage else None
    thought = any(segment.kind is Kind.THINKING for segment in snapshot.answer_segments())
    spoken = any(
        segment.kind in {Kind.TEXT, Kind.TOOL_CALL} and segment.text.strip() for segment in snapshot.answer_segments()
    )
    if output and reasoning and reasoning >= 0.8 * output:
        return "reasoning", f"reasoning used {reasoning:,} of the {output:,} tokens that the answer may have"
    if thought and not spoken:
        return "reasoning", "reasoning used up all that the answer may have"
    window = analysis.window
    total = (usage.prompt or 0) + (output or 0) if usage else 0
    full = window is not None and total >= window.tokens - _NEAR
    if full and window is not None and not (limit and output and output >= limit - 1):
        return (
            "window",
            f"prompt and answer together filled the window of {window.tokens:,} tokens, not the output limit",
        )
    if limit:
        return "limit", f"it reached the output limit of {limit:,} tokens"
    return "limit", f"it reached the output limit{f' after {output:,} tokens' if output else ''}"


def _consequence(analysis: Analysis, segments: list[Segment]) -> tuple[str, bool]:
    for segment in segments:
        if segment.call is not None and segment.call.error is not None:
            return f"; the arguments of {segment.call.name} are half a JSON", True
    text = "".join(segment.text for segment in segments if segment.kind is Kind.TEXT).strip()
    if not text and not any(segment.kind is Kind.TOOL_CALL for segment in segments):
        return "; nothing of an answer arrived", True
    if analysis.snapshot.settings.response_format in {"json_object", "json_schema"} or text[:1] in {"{", "["}:
        try:
            json.loads(text)
        except ValueError:
            return ("; what arrived is half a JSON", True) if text[:1] in {"{", "["} else ("", False)
    if text.count("```") % 2:
        return "; a code block is left open", False
    return "", False
