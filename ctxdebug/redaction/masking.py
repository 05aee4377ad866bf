"""Mask secrets in text that is shown: the same length, so that every place in it stays where it was."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ctxdebug.records import field, record
from ctxdebug.redaction.encodings import runs
from ctxdebug.redaction.finder import Found, find
from ctxdebug.redaction.secret_kinds import SecretKind, secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MASK = "*"
_LONGEST_PREFIX = 12
_SHORTEST = 8
_NESTING = 2
"""Encodings inside encodings that are looked through."""


@record(frozen=True, slots=True)
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
    for hidden in secret_spans(text):
        start, end, kind = hidden.start, hidden.end, hidden.kind
        if end <= at:
            continue
        start = max(start, at)
        kept = _prefix(text[start:end], kind)
        parts += [text[at:start], text[start : start + kept], MASK * (end - start - kept)]
        kinds[kind.name] += 1
        at = end
    return Masked("".join(parts) + text[at:], dict(kinds)) if parts else Masked(text)


@record(frozen=True, slots=True)
class Hidden:
    """Characters `start` to `end` of a text say these secrets: as they are, in pieces, or encoded."""

    start: int
    end: int
    kind: SecretKind
    secrets: tuple[Found, ...]


def secret_spans(text: str) -> list[Hidden]:
    """Return where secrets are in a text, in order, the longest of those that begin together first."""
    if len(text) < _SHORTEST:
        return []
    among = secrets()
    spans = [Hidden(found.start, found.end, found.kind, (found,)) for found in find(text, among)]
    for run in runs(text):
        inner = tuple(_inside(run.text, among, _NESTING))
        if inner:
            spans.append(Hidden(run.start, run.end, inner[0].kind, inner))
    return sorted(spans, key=lambda hidden: (hidden.start, -hidden.end))


def hidden_parts(text: str) -> Iterator[tuple[str, SecretKind]]:
    """Yield what nobody may read of a text, with its kind: the characters themselves, and the secrets that they say."""
    for hidden in secret_spans(text):
        own = text[hidden.start : hidden.end]
        yield own[_prefix(own, hidden.kind) :], hidden.kind
        for found in hidden.secrets:
            if found.secret != own:
                yield found.secret[_prefix(found.secret, found.kind) :], found.kind


def _inside(text: str, among: tuple[SecretKind, ...], depth: int) -> Iterator[Found]:
    """Yield the secrets that a decoded text holds, through further encodings."""
    yield from find(text, among)
    if depth:
        for run in runs(text):
            yield from _inside(run.text, among, depth - 1)


def _prefix(secret: str, kind: SecretKind) -> int:
    """Return how many characters of a secret are its vendor's public prefix."""
    lowered = secret[:_LONGEST_PREFIX].lower()
    beginnings = [hint.text for hint in kind.hints if kind.vendor and not (hint.most or hint.anywhere)]
    fitting = [len(text) for text in beginnings if lowered.startswith(text) and len(text) * 3 <= len(secret)]
    return max(fitting, default=0)
