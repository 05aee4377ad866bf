"""Mask the secrets of everything that a command prints or writes, unless `--show-secrets` says otherwise; and say so."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from ctxdebug.redaction.learned import LearnedSecrets

_asked = {"shown": False}
_masked: Counter[str] = Counter()
_learned: list[LearnedSecrets] = []
"""What this command has learned; made when there is something to learn."""


def show_secrets(shown: bool) -> None:
    """Set what `--show-secrets` says, for one command."""
    _asked["shown"] = shown
    _masked.clear()
    _learned.clear()


def secrets_are_shown() -> bool:
    """Whether captured secrets are in the output as they are."""
    return _asked["shown"]


def for_output(text: str) -> str:
    """Return a text as it may leave the program: of the same length, its secrets masked, unless they are to be shown."""
    if _asked["shown"]:
        return text
    from ctxdebug.redaction.masking import mask

    result = mask(text)
    _masked.update(result.kinds)
    shown = result.text
    for learned in _learned:
        shown, kinds = learned.hide(shown)
        _masked.update(kinds)
    return shown


def hide_secrets_of(*values: Any) -> None:
    """Learn the secrets of captured values and texts before an output quotes from them."""
    if _asked["shown"]:
        return
    if not _learned:
        from ctxdebug.redaction.learned import LearnedSecrets

        _learned.append(LearnedSecrets())
    _learned[0].learn(values)


def masked_line() -> str:
    """Return the line that says how much was masked since the command began; empty where nothing was."""
    total = sum(_masked.values())
    if not total:
        return ""
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(_masked.items()))
    return f"{plural(total, 'secret')} masked in the output ({kinds}); --show-secrets shows them"
