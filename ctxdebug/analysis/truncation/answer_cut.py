"""Why an answer ended before it was finished, told apart, and what the cut left behind."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ctxdebug.model import Finish, FinishReason, Kind, Segment, ToolCall
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

_NEAR = 16
"""Tokens. How near to a limit counts as having reached it."""
_NAMED = 3
"""Missing arguments that are named."""
_FEW = 10
"""Tokens. A limit of a handful is a choice (classifiers, probes), not an accident."""
_STOPPED = lazy(r"\b(?:abort(?:ed)?|cancell?ed|user[_ ]cancel|interrupted)\b", re.IGNORECASE)
_WHOLE_SENTENCE = lazy(r"[.!?。！？…][\"')\]*_”’]{0,3}\s*$")


@record(frozen=True, slots=True)
class Cut:
    """A cut answer. `broken`: what is left cannot be used as it is. `maybe_whole`: it may have been finished all the same."""

    finish: Finish
    key: str
    cause: str
    consequence: str
    broken: bool
    last: Segment | None
    maybe_whole: bool = False


def ending(analysis: Analysis) -> Cut | None:
    """Return the cut, or None when the answer ended by itself (or on purpose after very few tokens)."""
    finish = analysis.snapshot.finish
    if finish is None:
        return None
    told = _cause(analysis, finish)
    if told is None:
        return None
    key, cause = told
    segments = list(analysis.snapshot.answer_segments())
    if _on_purpose(analysis, finish, key, segments):
        return None
    last = segments[-1] if segments else None
    consequence, broken = _consequence(analysis, segments)
    if key == "limit" and not consequence and last is not None and _ends_well(last):
        return Cut(
            finish,
            key,
            cause,
            "; it ends with a whole sentence, so little or nothing may be missing",
            False,
            last,
            True,
        )
    return Cut(finish, key, cause, consequence, broken and key != "stopped", last)


def _on_purpose(analysis: Analysis, finish: Finish, key: str, segments: list[Segment]) -> bool:
    """Return a very low limit, as the request sets it or, where the request is not known, as the length of the answer shows it."""
    snapshot = analysis.snapshot
    if finish.reason is not FinishReason.LENGTH or key != "limit":
        return snapshot.settings.max_output is not None and snapshot.settings.max_output <= _FEW and key == "reasoning"
    limit = snapshot.settings.max_output
    if limit is None and snapshot.usage is not None and any(segment.text.strip() for segment in segments):
        limit = snapshot.usage.output
    return limit is not None and limit <= _FEW


def _ends_well(last: Segment) -> bool:
    return last.kind is Kind.TEXT and _WHOLE_SENTENCE.search(last.text[-12:]) is not None


def _cause(analysis: Analysis, finish: Finish) -> tuple[str, str] | None:
    if finish.reason is FinishReason.LENGTH:
        return _length_cause(analysis)
    if finish.reason is FinishReason.WINDOW:
        return "window", "the window was full"
    if finish.reason is FinishReason.FILTER:
        return "filter", f"a content filter stopped it ({finish.captured})"
    if finish.reason is FinishReason.ABORTED:
        if _STOPPED.search(finish.captured):
            return "stopped", f"it was stopped from outside ({finish.captured})"
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
        return "reasoning", f"reasoning used {reasoning:,} of the {limit or output:,} tokens that the answer may have"
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


def _missing(analysis: Analysis, call: ToolCall) -> list[str]:
    """Return the required arguments that a call lacks, by the tool's own schema."""
    schema = next((tool.schema for tool in analysis.snapshot.tools if tool.name == call.name), None) or {}
    required = schema.get("required")
    given = call.parsed if isinstance(call.parsed, Mapping) else {}
    return [str(name) for name in required if name not in given][:_NAMED] if isinstance(required, list) else []


def _consequence(analysis: Analysis, segments: list[Segment]) -> tuple[str, bool]:
    for segment in segments:
        if segment.call is not None and segment.call.error is not None:
            return f"; the arguments of {segment.call.name} are half a JSON", True
        if segment.call is not None and (missing := _missing(analysis, segment.call)):
            return f"; the call of {segment.call.name} arrived without {', '.join(missing)}", True
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
