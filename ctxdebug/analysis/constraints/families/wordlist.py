"""Read a list of words as people write it: quoted, in brackets, or bare between commas."""

from __future__ import annotations

import re

from ctxdebug.analysis.constraints.grammar import IMPERATIVES
from ctxdebug.text.patterns import lazy

_ITEM = lazy(
    r"""
      \s*(?:[-*•]\s+|\d+[.)]\s+)?(?:and\s+|or\s+|nor\s+)?(?:the\s+)?(?:(?:key)?words?\s+|name\s+
        |term\s+|phrase\s+)?(?:[\"“”'‘`]([^\"“”`\n]{1,60}?)[\"“”'’`](?!\w)
        |([\w$€#@&+][\w’'.&+#@/-]*(?:[ -][\w’'&+#/-]+){0,3}?)(?=\s*(?:[,;.!?\])\n]|$|\s(?:and|or|nor)\s
        |\s\())|)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TOKEN = lazy(
    r"""
      \s*(?:and\s+|or\s+|nor\s+)?(?:the\s+)?(?:(?:key)?words?\s+|name\s+|term\s+
        |phrase\s+)?(?:[\"“”'‘`]([^\"“”`\n]{1,60}?)[\"“”'’`](?!\w)|([\w$€#@&+][\w’'&+#@/-]*(?:\.\w+)*)|)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SEPARATOR = lazy(r"\s*(?:,\s*(?:and|or|nor)\b|,|;|\band\b|\bor\b|\bnor\b|/|&|\n\s*(?=[-*•\d]))\s*", re.IGNORECASE)
_STOP = frozenset(
    "nothing anything everything else just only not no but however yet although so because".split()
) | frozenset(
    [
        "in",
        "your",
        "at",
        "least",
        "the",
        "response",
        "answer",
        "output",
        "it",
        "this",
        "that",
        "to",
        "for",
        "when",
        "if",
        "please",
        "more",
        "exactly",
        "with",
        "letter",
        "letters",
        "only",
        "once",
        "twice",
        "throughout",
        "anywhere",
        "somewhere",
        "within",
    ]
)


_ANSWERS = frozenset({"yes", "maybe", "true"})
"""Beside one of these, `no` is a word of the list."""


def words_of(text: str, *, bare_phrases: bool) -> list[str]:
    """Read the items of a word list at the start of a text: quoted, or bare between commas and `and`."""
    items: list[str] = []
    at = 0
    closing = {"[": "]", "(": ")"}.get(text[:1])
    if closing:
        stop = text.find(closing)
        text = text[1 : stop if stop > 0 else None]
        bare_phrases = True
    while at < len(text) and len(items) < 40:
        match = (_ITEM if bare_phrases else _TOKEN).match(text, at)
        if match is None or match.end() == at or not (match[1] or match[2]):
            break
        word = (match[1] or match[2]).strip(" .,:;*")
        bare = match[2] is not None and not (word.lower() == "no" and items and items[-1].lower() in _ANSWERS)
        if bare and (
            (not bare_phrases and " " in word)
            or word.lower().split()[0] in _STOP
            or (not bare_phrases and items and word.lower() in IMPERATIVES)
        ):
            first = word.split()[0]
            if first.lower() not in _STOP and first.lower() not in IMPERATIVES:
                items.append(first)
            break
        if word:
            items.append(word)
        at = match.end()
        parted = _SEPARATOR.match(text, at)
        if parted is None:
            break
        at = parted.end()
    return [item for item in items if item and item.lower() not in {"etc", "e.g", "i.e"}]
