"""Blank what a text only shows, its quotations and its code, and keep every offset.

The words inside quotation marks become `INSIDE`, so that a quoted "use JSON" neither gives orders nor splits sentences, and can
still be read back from the raw text.
"""

from __future__ import annotations

import re

from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

INSIDE = "\ue000"
CODE = "\ue001"
QUOTED = rf"(?:[\"“”„«']{INSIDE}+[\"”“»']|`{INSIDE}+`|[‘']{INSIDE}+[’']|[「『《]{INSIDE}+[」』》])"
"""A masked quotation, marks included."""

_FENCE = lazy(r"^[ \t]*(```|~~~)[^\n]*$", re.MULTILINE)
_SPAN = lazy(
    r"""
      "([^"]{1,4000})"
    | “([^“”]{1,4000})”
    | ”([^“”"]{1,200})["”]
    | «([^«»]{1,4000})»
    | „([^„“”\n]{1,1000})[“”"]
    | [「『《]([^「」『』《》\n]{1,1000})[」』》]
    | `([^`\n]{1,300})`
    | (?<![\w'’])'([^'\n]{1,300}(?:(?<=\w)'(?=\w)[^'\n]{0,300}){0,3})'(?!\w)
    | (?<!\w)‘([^‘’\n]{1,300}(?:(?<=\w)’(?=\w)[^‘’\n]{0,300}){0,3})’(?!\w)
    | (?<!\w)''([^'\n]{1,300})''
    """,
    re.VERBOSE,
)
_EMPHASIS = lazy(r"(?<![\w*])[*_]{1,3}(?=[^\W_])|(?<=[^\W_])[*_]{1,3}(?![\w*])|(?<=[.!?:,;])\*{1,3}(?![\w*])")
_TAG = lazy(
    r"""
      ^[ \t]*<(?P<name>[A-Za-z][\w-]{0,40})(?:\s[^<>\n]{0,120})?>(?=[ \t]*[^\s<])
    | (?<=\S)[ \t]*</(?P<closed>[A-Za-z][\w-]{0,40})>[ \t]*$
    """,
    re.MULTILINE | re.VERBOSE,
)
"""A tag that stands before or behind words on one line."""
_RULE_TAG = wording("constraint_clauses", "rule tag")


def masked(text: str) -> str:
    """Blank a text's quotations, inline code and fenced code, keeping every offset."""

    def quotation(match: re.Match[str]) -> str:
        group = match.lastindex or 1
        start, end = match.start(group) - match.start(), match.end(group) - match.start()
        return match[0][:start] + INSIDE * (end - start) + match[0][end:]

    out = _without_code(text) if "```" in text or "~~~" in text else text
    if "</" in out:
        out = _TAG.sub(_untagged, out)
    out = _SPAN.sub(quotation, out)
    return _EMPHASIS.sub(lambda match: " " * len(match[0]), out) if "*" in out or "_" in out else out


def _untagged(match: re.Match[str]) -> str:
    """Blank a tag that names rules (`<style>Be brief.</style>`); any other stays, and its line is no rule."""
    return " " * len(match[0]) if _RULE_TAG.fullmatch(match["name"] or match["closed"]) else match[0]


def _without_code(text: str) -> str:
    parts: list[str] = []
    last, opened = 0, None
    for match in _FENCE.finditer(text):
        if opened is None:
            opened = match
        elif opened[1] == match[1]:
            parts += [text[last : opened.start()], re.sub(r"[^\n]", CODE, text[opened.start() : match.end()])]
            last, opened = match.end(), None
    return "".join([*parts, text[last:]])
