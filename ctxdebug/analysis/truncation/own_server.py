"""Losses that only a server of the user's own shows: it says so itself, or its chat template renders no tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.budget.prompt import counted
from ctxdebug.analysis.truncation.loss import Loss
from ctxdebug.analysis.truncation.missing_part import MissingPart, PartKind
from ctxdebug.models.serving import self_hosted
from ctxdebug.records import replace
from ctxdebug.tokens.accounting import counter
from ctxdebug.tokens.accounts.measures import tool_tokens
from ctxdebug.tokens.count import Count

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

_TEMPLATE = (40, 0.15)
"""What a template may add to the messages, such as a system message of its own (SmolLM2: 24 tokens), and a vocabulary's share."""
_FULL = 0.98
"""Share of a window from which a count tells more of a prompt that was cut to it than of what came after."""
_EDGE = 8
"""Tokens that a server may count beyond its window: the end of the answer, special tokens."""
_RENDERED = 0.5
"""Share of the declarations' JSON that any rendering of them has at least."""


def server_dropped(analysis: Analysis, recorded: int) -> Loss | None:
    """Return a loss that needs no count of ours: the server says so itself, or its own figures do not fit its window."""
    usage = analysis.snapshot.usage
    if usage is not None and usage.said_cut is not None:
        return _server_says_cut(analysis, recorded)
    return _shifted_while_answering(analysis, recorded)


def _server_says_cut(analysis: Analysis, recorded: int) -> Loss:
    """Return the server says itself that it dropped part of the context: of the prompt, or of it and the answer together."""
    usage, window = analysis.snapshot.usage, analysis.window
    assert usage is not None
    room = f" of {window.tokens:,}" if window is not None and not window.guess else ""
    words = (
        f"the server says that it dropped part of the context (truncated): {recorded:,} tokens of prompt and "
        f"{usage.output or 0:,} of answer did not fit its window{room}"
    )
    sent = analysis.prompt.total
    held = window.tokens if room and window else None
    return Loss(recorded, sent, None, held, "front", (), certain=True, said=words, fits_window=False)


def _shifted_while_answering(analysis: Analysis, recorded: int) -> Loss | None:
    """Return a prompt and an answer that together are more than a window which the user's own server is known to have.

    The prompt fitted when it was read; to go on writing, the server forgot the oldest text behind the head that it keeps.
    """
    snapshot, window = analysis.snapshot, analysis.window
    output = (snapshot.usage.output if snapshot.usage is not None else None) or 0
    own = self_hosted(analysis.host) or (analysis.host is None and snapshot.settings.window is not None)
    if window is None or window.guess or window.separate_output or not own or len(snapshot.answer) != 1:
        return None
    if recorded >= _FULL * window.tokens or recorded + output <= window.tokens + _EDGE:
        return None
    words = (
        f"{recorded:,} tokens of prompt and {output:,} of answer do not fit the window of {window.tokens:,}: "
        "the server forgot the beginning while it answered (context shift)"
    )
    sent = Count.exactly(recorded)
    return Loss(recorded, sent, None, window.tokens, "front", (), certain=True, said=words, fits_window=False)


def tools_not_rendered(analysis: Analysis, recorded: int) -> Loss | None:
    """Return a server that counted no more than the messages, where tools were declared: its chat template does not render them.

    Only where the user runs the server: its count is that of the rendered prompt, and there is no hidden rule of a provider.
    """
    snapshot = analysis.snapshot
    if not snapshot.tools or not self_hosted(analysis.host) or snapshot.settings.tool_choice == "none":
        return None
    bare = counted(replace(snapshot, tools=()), analysis.model, analysis.options).total.value
    declared = sum(tool_tokens(tool, counter("o200k_base", analysis.options.memo).count) for tool in snapshot.tools)
    if recorded > bare * (1 + _TEMPLATE[1]) + _TEMPLATE[0] or recorded > bare + _RENDERED * declared:
        return None
    part = MissingPart(PartKind.TOOLS, "the tool declarations", (), declared, recorded - bare)
    return Loss(recorded, analysis.prompt.total, None, None, "unknown", (), certain=False, parts=(part,))
