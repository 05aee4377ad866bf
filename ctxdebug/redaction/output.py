"""Mask the secrets of everything that a command prints or writes, unless `--show-secrets` says otherwise; and say so."""

from __future__ import annotations

from typing import Any

from ctxdebug.redaction.shown import Mask
from ctxdebug.text.plural import plural

_asked = {"shown": False}
_mask = Mask()


def show_secrets(shown: bool) -> None:
    """Set what `--show-secrets` says, for one command."""
    _asked["shown"] = shown
    _mask.forget()


def secrets_are_shown() -> bool:
    """Whether captured secrets are in the output as they are."""
    return _asked["shown"]


def for_output(text: str) -> str:
    """Return a text as it may leave the program: of the same length, its secrets masked, unless they are to be shown."""
    return text if _asked["shown"] else _mask.hide(text)


def hide_secrets_of(*values: Any) -> None:
    """Learn the secrets of captured values and texts before an output quotes from them."""
    if not _asked["shown"]:
        _mask.learn(values)


def masked_line() -> str:
    """Return the line that says how much was masked since the command began; empty where nothing was."""
    total = sum(_mask.kinds.values())
    if not total:
        return ""
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(_mask.kinds.items()))
    return f"{plural(total, 'secret')} masked in the output ({kinds}); --show-secrets shows them"
