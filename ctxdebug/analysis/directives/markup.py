"""Markup that a page does not show: hidden elements, tiny or background-coloured text, comments, quiet attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.analysis.directives.disguise import MINIMUM, Disguise, Hidden
from ctxdebug.analysis.directives.unseen_style import hides, hiding_names, unseen_colour
from ctxdebug.text.entities import unescaped
from ctxdebug.text.patterns import lazy

_OPENING = lazy(r"<([a-zA-Z][a-zA-Z0-9-]{0,30})\b([^<>]{1,2000})>")
_STYLE = lazy(
    r"(?:^|\s)style\s{0,4}=\s{0,4}\\{0,3}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>\\]+)|[\"']([^\"']*)$)", re.IGNORECASE
)
"""Quotation marks have backslashes before them where the page is in a string of JSON."""
_NAMED = lazy(r"(?:^|\s)(class|id)\s{0,4}=\s{0,4}\\{0,3}[\"']?([\w \t:/.-]{1,400})", re.IGNORECASE)
_COLOUR = lazy(r"(?<![-\w])color\s{0,4}=\s{0,4}\\{0,3}[\"']?\s{0,4}([^\s;\"'!>\\]{1,40})", re.IGNORECASE)
_GROUND = lazy(r"(?<![-\w])bgcolor\s{0,4}=\s{0,4}\\{0,3}[\"']?\s{0,4}([^\s;\"'!>\\]{1,40})", re.IGNORECASE)
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
_STYLE_ELEMENT = lazy(r"<style\b[^<>]{0,400}>([^<]{1,20000})", re.IGNORECASE)
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
    sheets = "\n".join(_STYLE_ELEMENT.findall(text)) if "{" in text else ""
    yield from _elements(text, hiding_names(sheets) if sheets else frozenset())


def _elements(text: str, names: frozenset[str]) -> Iterator[Hidden]:
    behind = 0
    for match in _OPENING.finditer(text):
        name, attributes = match[1].lower(), match[2]
        for quiet in _QUIET_ATTRIBUTE.finditer(attributes):
            group = 1 if quiet[1] is not None else 2
            start = match.start(2)
            yield Hidden(start + quiet.start(group), start + quiet.end(group), Disguise.ATTRIBUTE, quiet[group])
        if match.start() < behind or name in _VOID or not _concealed(attributes, names):
            continue
        closing = re.compile(f"</{name}", re.IGNORECASE).search(text, match.end(), match.end() + _REACH)
        end = closing.start() if closing else min(len(text), match.end() + _REACH)
        inner = text[match.end() : end]
        behind = end
        if _letters(inner):
            yield Hidden(match.end(), end, Disguise.STYLE, _words(inner))


def _concealed(attributes: str, names: frozenset[str]) -> bool:
    """Whether the attributes of an element, or rules for the classes and ids in them, hide it."""
    style = _STYLE.search(attributes)
    if (style and hides(unescaped(next(filter(None, style.groups()), "").rstrip("\\")))) or _HIDDEN_ATTRIBUTE.search(
        attributes
    ):
        return True
    colour, ground = _COLOUR.search(attributes), _GROUND.search(attributes)
    if colour is not None and unseen_colour(colour[1], ground[1] if ground else ""):
        return True
    return bool(names) and any(
        ("." if match[1].lower() == "class" else "#") + name in names
        for match in _NAMED.finditer(attributes)
        for name in match[2].split()
    )


def _letters(text: str) -> bool:
    return sum(c.isalpha() for c in text[:400]) >= MINIMUM


def _words(text: str) -> str:
    return re.sub(r"\s+", " ", _TAG.sub(" ", text)).strip()
