"""Mask secrets in text that is shown: the same length, so that every place in it stays where it was."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ctxdebug.redaction.encodings import runs
from ctxdebug.redaction.finder import find
from ctxdebug.redaction.secret_kinds import SecretKind, secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

MASK = "*"
_LONGEST_PREFIX = 12
_SHORTEST = 8
_NESTING = 2
"""Encodings inside encodings that are looked through."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text of the same length with its secrets masked, and how many of which kind there were."""

    text: str
    kinds: Mapping[str, int] = field(default_factory=dict)


def masked(text: str) -> str:
    """Return a text of the same length in which every character of a secret is `*`, but for a vendor's prefix.

    Only secrets are masked; addresses and telephone numbers stay, because findings are about them. Masking a masked
    text changes nothing.
    """
    return mask(text).text


def mask(text: str) -> Masked:
    """Return what `masked` does, with the kinds of secrets that were masked, so that a report can say so."""
    parts: list[str] = []
    kinds: Counter[str] = Counter()
    at = 0
    for start, end, kind in secret_spans(text):
        if end <= at:
            continue
        start = max(start, at)
        kept = _prefix(text[start:end], kind.hints)
        parts += [text[at:start], text[start : start + kept], MASK * (end - start - kept)]
        kinds[kind.name] += 1
        at = end
    return Masked("".join(parts) + text[at:], dict(kinds)) if parts else Masked(text)


def secret_spans(text: str) -> list[tuple[int, int, SecretKind]]:
    """Return where secrets are in a text, in order, the longest of those that begin together first."""
    if len(text) < _SHORTEST:
        return []
    among = secrets()
    spans = [(found.start, found.end, found.kind) for found in find(text, among)]
    for run in runs(text):
        inner = _inside(run.text, among, _NESTING)
        if inner is not None:
            spans.append((run.start, run.end, inner))
    return sorted(spans, key=lambda span: (span[0], -span[1]))


def _inside(text: str, among: tuple[SecretKind, ...], depth: int) -> SecretKind | None:
    """Return the kind of the first secret that a decoded text holds, through further encodings."""
    first = next(find(text, among), None)
    if first is not None:
        return first.kind
    if depth:
        for run in runs(text):
            if kind := _inside(run.text, among, depth - 1):
                return kind
    return None


def _prefix(secret: str, hints: tuple[str, ...]) -> int:
    """Return how many characters of a secret are its vendor's public prefix."""
    lowered = secret[:_LONGEST_PREFIX].lower()
    fitting = [len(hint) for hint in hints if hint and lowered.startswith(hint) and len(hint) * 3 <= len(secret)]
    return max(fitting, default=0)
