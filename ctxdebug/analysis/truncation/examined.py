"""What was examined for the questions about completeness: the prompt, the content in it, its fit, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.truncation.content_cut import examinable
from ctxdebug.model import FinishReason, Kind
from ctxdebug.models.overflow import refusal
from ctxdebug.questions import Coverage, counted, nothing, unexamined

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

_ERROR = "the provider answered with an error"
_FEW = 8
"""Tokens. A band that reaches no further below the count hides nothing that anybody would miss."""
_BROAD = 0.19
"""A band that reaches further below the count hides the loss of a system message: the comparison then proves nothing."""


def prompt_read_in_full(analysis: Analysis) -> Coverage:
    """Whether the provider's count could be compared with one of ours."""
    if analysis.hop_loss is not None:
        return Coverage(1, 1)
    found = analysis.truncation
    if isinstance(found, str):
        return unexamined(found)
    total = analysis.prompt.total
    if found is None and total.value - total.low > max(_FEW, _BROAD * total.value):
        return unexamined(
            f"the prompt could only be estimated ({total.low:,} to {total.high:,} tokens): a loss within that would not show"
        )
    return Coverage(1, 1)


def content_complete(analysis: Analysis) -> Coverage:
    """Which instructions, documents, tool results and memories were searched for signs of a cut."""
    covered = [segment for segment in analysis.segments if examinable(segment) or segment.kind is Kind.OPAQUE]
    if not covered:
        return nothing("there is no instruction, document, tool result or memory in the prompt")
    return counted("its content is not in the capture" if part.kind is Kind.OPAQUE else None for part in covered)


def prompt_fits(analysis: Analysis) -> Coverage:
    """Whether the window is known, and the prompt's size; a refusal for its length answers the question by itself."""
    snapshot, window = analysis.snapshot, analysis.window
    if refusal(snapshot.error, analysis.host) is not None:
        return Coverage(1, 1)
    if not snapshot.has_request and (snapshot.usage is None or snapshot.usage.prompt is None):
        return unexamined("the request is not in the capture")
    if window is None:
        return unexamined(f"the window of {snapshot.model or 'the model'} is not known")
    sized = analysis.prompt.estimable or (snapshot.usage is not None and snapshot.usage.prompt is not None)
    if not sized:
        return unexamined(f"the prompt cannot be counted from the capture: {analysis.prompt.why_not}")
    if window.guess:
        return unexamined(f"the server's window is not in the capture; {window.tokens:,} is {window.source}")
    return Coverage(1, 1)


def answer_complete(analysis: Analysis) -> Coverage:
    """Whether there is an answer, and the response says why it ended."""
    snapshot = analysis.snapshot
    if not snapshot.has_response:
        return unexamined("there is no answer in the capture")
    if snapshot.error is not None:
        return unexamined(f"{_ERROR}: there is no answer")
    if not any(part.text.strip() or part.call for part in snapshot.answer_segments()):
        return unexamined("the answer is empty")
    if snapshot.finish is None:
        return unexamined("the response does not say why it ended")
    if snapshot.finish.reason in {FinishReason.OTHER, FinishReason.ERROR, FinishReason.PAUSE}:
        return unexamined(f"the response ended with {snapshot.finish.captured!r}")
    return Coverage(1, 1)
