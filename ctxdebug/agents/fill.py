"""How full an agent's window is, by the agent's own word and its log's; and whether it is about to compact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ctxdebug.agents.log_tail import Tail, counted
from ctxdebug.agents.notes import Note

_LONG_CONTEXT = ("[1m]", 1_000_000)
"""The end of a model's id that says that its window is the long one."""
_NEAR = 80
"""Percent of the window from which a compaction is near where nothing better is known: the agent's own default is not
documented, and reports put it between 80 and 95."""
_JUST_BEFORE = 0.95
"""Of the tokens at which the last compaction of this log began, or at which the user has set it to begin."""


class Fill(NamedTuple):
    """Tokens of the last prompt; None where they are not known."""

    prompt: int | None = None
    window: int | None = None
    resent: float | None = None
    """The share of the prompt that the call before had sent already."""
    cached: float | None = None
    """The share that the provider read from its cache."""
    near: bool = False
    """Whether a compaction is near."""


def fill(told: Mapping[str, Any], tail: Tail, note: Note, environ: Mapping[str, str]) -> Fill:
    """Return the fill; `told` is what the agent says of itself (Claude Code's JSON for status lines and hooks)."""
    context = told.get("context_window")
    context = context if isinstance(context, dict) else {}
    counts = counted(context.get("current_usage"))
    prompt, cached = counts if counts is not None else (tail.prompt, tail.cached)
    window = _whole(context.get("context_window_size")) or _by_name(told)
    if prompt is None:
        return Fill(window=window)
    same = tail.prompt is not None and tail.before is not None and tail.prompt == prompt
    resent = min(tail.before, prompt) / prompt if same and tail.before is not None else None
    share = cached / prompt if cached is not None else None
    return Fill(prompt, window, resent, share, _near(prompt, window, note, environ))


def _near(prompt: int, window: int | None, note: Note, environ: Mapping[str, str]) -> bool:
    if environ.get("DISABLE_AUTO_COMPACT") or environ.get("DISABLE_COMPACT"):
        return False
    set_to = _number(environ.get("CLAUDE_AUTOCOMPACT_PCT_OVERRIDE"))
    base = _number(environ.get("CLAUDE_CODE_AUTO_COMPACT_WINDOW")) or window
    if set_to and base and set_to <= 100:
        return prompt >= base * set_to / 100 * _JUST_BEFORE
    if note.auto_at:
        return prompt >= note.auto_at * _JUST_BEFORE
    return bool(base) and prompt * 100 >= _NEAR * (base or 0)


def _by_name(told: Mapping[str, Any]) -> int | None:
    model = told.get("model")
    name = model.get("id") if isinstance(model, dict) else model
    return _LONG_CONTEXT[1] if isinstance(name, str) and name.endswith(_LONG_CONTEXT[0]) else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 12 else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
