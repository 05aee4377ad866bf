"""Markup that a page does not show: hidden elements, tiny or background-coloured text, comments, quiet attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.analysis.directives.disguise import MINIMUM, Disguise, Hidden
from ctxdebug.text.patterns import lazy

_OPENING = lazy(r"<([a-zA-Z][a-zA-Z0-9-]{0,30})\b([^<>]{1,2000})>")
_UNSEEN_STYLE = lazy(
    r"""
      display\s*:\s*none
    | visibility\s*:\s*(?:hidden|collapse)
    | (?<![-\w])opacity\s*:\s*0?\.?0*[0-5]?(?=\s*[;\"'!}]|$)
    | font-size\s*:\s*(?:0|0?\.\d+|1|2)(?:\.\d+)?\s*(?:px|pt|em|rem|%)?(?=\s*[;\"'!}]|$)
    | text-indent\s*:\s*-\s*\d{3,}
    | (?:left|top|right|bottom|margin-left|margin-top)\s*:\s*-\s*\d{3,}
    | clip(?:-path)?\s*:\s*(?:rect\(\s*0|inset\(\s*(?:50|100)%)
    | (?<![-\w])(?:width|height|max-height|max-width)\s*:\s*(?:0|1)(?:px|pt)?\s*(?=[;\"'!}]
        |$)[^\"'}]{0,120}overflow\s*:\s*hidden
    | overflow\s*:\s*hidden[^\"'}]{0,120}(?<![-\w])(?:width|height|max-height|max-width)\s*:\s*(?:0
        |1)(?:px|pt)?(?=\s*[;\"'!}]|$)
    | (?<![-\w])color\s*:\s*transparent
    | transform\s*:\s*scale\(\s*0
    | z-index\s*:\s*-\s*\d{3,}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_COLOUR = lazy(r"(?<![-\w])color\s*[:=]\s*[\"']?\s*([^;\"'!>]{1,40})", re.IGNORECASE)
_BACKGROUND = lazy(r"(?:background(?:-color)?|bgcolor)\s*[:=]\s*[\"']?\s*([^;\"'!>]{1,60})", re.IGNORECASE)
_WHITE = lazy(r"^\s*(?:white|#fff(?:fff)?|#fefefe|#fdfdfd|#fcfcfc"
    r"|rgba?\(\s*25[0-5]\s*,\s*25[0-5]\s*,\s*25[0-5][^)]*\)|rgba?\([^)]*,\s*0?(?:\.0\d*)?\s*\)"
    r"|hsl\([^)]*100%\s*\))\s*$", re.IGNORECASE)  # fmt: skip
_HIDDEN_ATTRIBUTE = lazy(
    r"(?:^|\s)(?:hidden(?:\s|$|=[\"']?(?:hidden|true|until-found)?[\"']?)|type\s*=\s*[\"']?hidden\b"
    r"|size\s*=\s*[\"']?(?:0|1)[\"']?(?:\s|$))",
    re.IGNORECASE,
)
_QUIET_ATTRIBUTE = lazy(r"(?<![\w-])(?:alt|title|aria-label|data-[\w-]{1,40}|content|value|placeholder|longdesc"
    r"|summary)\s*=\s*(?:\"([^\"<>]{12,1500})\"|'([^'<>]{12,1500})')", re.IGNORECASE)  # fmt: skip
_COMMENT = lazy(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_MARKDOWN_COMMENT = lazy(
    r"^[ \t]*\[(?://|comment|_metadata_[^\]\n]{0,40}|hidden)\]:\s*(?:#|<>)\s*[(\"'](.{4,1000}?)[)\"']\s*$", re.MULTILINE
)
_LATEX = lazy(r"\\(?:textcolor\{white\}|color\{white\}|phantom|tiny\\color\{white\})\s*\{([^{}]{4,1000})\}")
_CLASS_RULE = lazy(r"\.([\w-]{1,60})\s*\{([^{}]{1,600})\}")
_VOID = frozenset("img input meta br hr link area base col embed source track wbr".split())
_TAG = lazy(r"<[^<>]{0,2000}>")
_REACH = 20_000
"""Characters; an element's end is looked for this far."""


def unseen_markup(text: str) -> Iterator[Hidden]:
    """Text inside elements that are not displayed, comments, and long quiet attributes."""
    for match in _COMMENT.finditer(text):
        if _letters(match[1]):
            yield Hidden(match.start(), match.end(), Disguise.COMMENT, _words(match[1]))
    for pattern, kind in ((_MARKDOWN_COMMENT, Disguise.COMMENT), (_LATEX, Disguise.STYLE)):
        for match in pattern.finditer(text):
            yield Hidden(match.start(), match.end(), kind, _words(match[1]))
    classes = {name for name, body in _CLASS_RULE.findall(text) if _unseen(body)} if "{" in text else set()
    yield from _elements(text, classes)


def _elements(text: str, classes: set[str]) -> Iterator[Hidden]:
    behind = 0
    for match in _OPENING.finditer(text):
        name, attributes = match[1].lower(), match[2]
        for quiet in _QUIET_ATTRIBUTE.finditer(attributes):
            group = 1 if quiet[1] is not None else 2
            start = match.start(2)
            yield Hidden(start + quiet.start(group), start + quiet.end(group), Disguise.ATTRIBUTE, quiet[group])
        if match.start() < behind or name in _VOID or not _concealed(attributes, classes):
            continue
        closing = re.compile(f"</{name}", re.IGNORECASE).search(text, match.end(), match.end() + _REACH)
        end = closing.start() if closing else min(len(text), match.end() + _REACH)
        inner = text[match.end() : end]
        behind = end
        if _letters(inner):
            yield Hidden(match.end(), end, Disguise.STYLE, _words(inner))


def _concealed(attributes: str, classes: set[str]) -> bool:
    if _UNSEEN_STYLE.search(attributes) or _HIDDEN_ATTRIBUTE.search(attributes) or _unseen_colour(attributes):
        return True
    return bool(classes) and any(name in classes for name in re.findall(r"[\w-]+", attributes))


def _unseen(style: str) -> bool:
    return bool(_UNSEEN_STYLE.search(style)) or _unseen_colour(style)


def _unseen_colour(style: str) -> bool:
    colour = _COLOUR.search(style)
    if colour is None:
        return False
    background = _BACKGROUND.search(style)
    ground = background[1].strip().lower() if background else ""
    ink = colour[1].strip().lower()
    if ground:
        return ink == ground or bool(_WHITE.match(ink) and _WHITE.match(ground))
    return bool(_WHITE.match(ink))


def _letters(text: str) -> bool:
    return sum(c.isalpha() for c in text[:400]) >= MINIMUM


def _words(text: str) -> str:
    return re.sub(r"\s+", " ", _TAG.sub(" ", text)).strip()
