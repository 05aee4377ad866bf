"""What to do about a loss, by its cause: a larger window helps only where the prompt does not fit the one it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.truncation.missing_part import PartKind
from ctxdebug.models.providers import default_windows

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.truncation.hop import HopLoss
    from ctxdebug.analysis.truncation.loss import Loss

_BY_PART = {
    PartKind.SYSTEM: "a proxy or a chat template drops, merges or swallows the system role: look at the request that reaches the "
    "server; until that is mended, put the same text at the head of the first user message",
    PartKind.TOOLS: "the tool declarations are not put into the prompt: use a chat template and a server that render tools, or check "
    "whether a proxy strips them",
    PartKind.OLDER: "something trims the history before the model: look for a message or token limit in the framework, proxy or server",
    PartKind.MEDIA: "the images are dropped: use a model and an endpoint that take them, and check that they are sent as image parts",
    PartKind.DOCUMENT: "one text is lost on the way: compare the request that reaches the server with this one",
    PartKind.NEWEST: "the end of the conversation is lost: look for a limit that keeps the beginning",
    PartKind.MESSAGE: "one message is lost on the way: look at the request that reaches the server, and for roles that its template skips",
}
_ELSE = (
    "compare the request that reaches the server with this one: a proxy that rewrites it, a chat template without one of its roles, "
    "a limit of the framework, or a tokenizer that is not the model's"
)


def advice(analysis: Analysis, loss: Loss) -> str:
    """Return what to do in this very case. What rests on a server's default says that it is a guess."""
    if loss.said:
        return f"{_larger(analysis)}, lower the limit of the answer, or turn context shift off so that the server refuses instead of forgetting"
    part = _BY_PART.get(loss.parts[0].kind, _ELSE) if loss.parts else _ELSE
    if loss.policy is not None and loss.window is not None:
        return f"{_larger(analysis)}, or shorten the prompt"
    if loss.policy is not None:
        return f"do without {loss.policy.enabled}, or shorten the prompt so that nothing has to go"
    if loss.fits_window is False and analysis.window is not None:
        guess = ", if that is the server's window (a guess)" if analysis.window.guess else ""
        over = f"{loss.sent_words} tokens do not fit a window of {analysis.window.tokens:,}{guess}"
        return f"{over}: {_larger(analysis)}, or shorten the prompt; otherwise {part}"
    return part


def hop_advice(hop: HopLoss) -> str:
    """Return what to do about a proxy that was seen to leave something out."""
    workaround = "; until that is mended, put the same text at the head of the first user message" if hop.system else ""
    return f"mend the proxy's mapping of roles and parts for this provider{workaround}; the two requests show what it changes"


def _larger(analysis: Analysis) -> str:
    settings = dict.fromkeys(row.setting for row in default_windows(analysis.host))
    return (
        f"raise the server's window ({next(iter(settings))})"
        if settings
        else "use a model or a server with a larger window"
    )
