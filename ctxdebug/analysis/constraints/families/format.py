"""The answer's form: JSON and other markup, plain text, tables, bullets."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.clauses import Quantity, Sentence
from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.numbers import NUMBER, number, spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = {
    "json": "json", "xml": "xml", "html": "html", "csv": "csv", "yaml": "yaml", "yml": "yaml", "latex": "latex",
}  # fmt: skip
_MARKUP = wording("constraint_format", "markup")
_MARKUP_BARE = wording("constraint_format", "markup bare")
_OUTSIDE = spaced(r"^[^.;!?\n]{0,30}\b(?:outside|before|after|other than|except|besides|around|beyond|apart from)\b")
_ABSTAIN = spaced(
    r"\b(?:outside|before|after|other than|except|besides|around|beyond|apart from|nothing but|anything but|else than|in addition to)\b[^.;!?\n]{0,40}$"
)


def _markup(sentence: Sentence) -> Iterator[Draft]:
    for pattern in (_MARKUP, _MARKUP_BARE):
        for match in pattern.finditer(sentence.text):
            name = _WORDS[match["name"].lower()]
            at = match.start("name")
            negative = sentence.negated(at, match.end()) and not _ABSTAIN.search(sentence.text[:at])
            if (
                _FOR_CODE.search(sentence.text[:at])
                or _TAGGED.search(sentence.text[:at])
                or _TAGS.match(sentence.tail(match.end(), 12))
            ):
                continue
            if _mention(sentence, at, match.end()) or (negative and _OUTSIDE.search(sentence.text[match.end() :])):
                continue
            yield Draft(f"format.{name}", sentence.offset + match.start(), sentence.offset + match.end(), {}, negative)
            return


_FOR_CODE = spaced(r"\bfor (?:formatting|displaying|rendering|showing|code|highlighting)\b[^.;!?]{0,60}$")
_TAGGED = lazy(r">\s*$")
_TAGS = lazy(r"[\s-]*(?:tags?|elements?|node|attributes?|comments?|delimiters?)\b", re.IGNORECASE)
_MENTIONED = wording("constraint_format", "mentioned")


def _mention(sentence: Sentence, start: int, end: int) -> bool:
    after = sentence.text[end : end + 30].lower()
    return bool(re.match(r"[\s\W]*(?:is a|are |was |stands for|which is|provided above|below describes)", after)) or (
        _MENTIONED.search(sentence.text[:start]) is not None
        and "output" not in sentence.words
        and "format" not in sentence.words
    )


_PLAIN = wording("constraint_format", "plain")
_MARKDOWN = wording("constraint_format", "markdown")
_FACT = wording("constraint_format", "fact")
"""What is said of tables in a room: `There are no tables on the terrace.`"""
_TABLE = wording("constraint_format", "table")
_DATABASE = frozenset(
    "sql database databases column columns alias schema join joins query queries rows insert tables_ dbo postgres mysql sqlite".split()
)
_HEADINGS = wording("constraint_format", "headings")
_CODE = wording("constraint_format", "code")


def _plain(sentence: Sentence) -> Iterator[Draft]:
    match = _PLAIN.search(sentence.text)
    if match and "wrap" not in sentence.text[: match.start()].lower():
        yield Draft("format.plain", sentence.offset + match.start(), sentence.offset + match.end())
        return
    match = _MARKDOWN.search(sentence.text)
    if (
        match
        and not (
            {
                "italic",
                "italics",
                "italicize",
                "italicized",
                "highlight",
                "highlighted",
                "divider",
                "ticks",
                "separator",
                "bullet",
                "bullets",
                "asterisk",
                "asterisks",
            }
            & sentence.words
        )
        and "***" not in sentence.text
    ):
        negative = sentence.negated(match.start(), match.end())
        yield Draft(
            "format.plain" if negative else "format.markdown",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
        )


_WHOLE_ANSWER = spaced(
    r"^\W*(?:wrap|enclose|put|return|output)\b|\b(?:answer|response|reply|output|result|everything)\b"
)


def _simple(name: str, pattern: re.Pattern[str]) -> Pattern:
    words = {"table": "table tables", "headings": "heading headings headers", "code": "code backticks"}[name]
    phrasing = {
        "table": "Present the results in a table.",
        "headings": "Do not use any headings.",
        "code": "Put it in a code block.",
    }[name]

    def find(sentence: Sentence) -> Iterator[Draft]:
        match = None if name == "table" and sentence.words & _DATABASE else pattern.search(sentence.text)
        if match:
            negative = sentence.negated(match.end() - 1, match.end()) or (
                re.match(r"(?:no|any|avoid|never|without)\b", match[0], re.IGNORECASE) is not None
                and sentence.negated(match.end() - 1)
            )
            if name == "code" and not negative and not _WHOLE_ANSWER.search(sentence.text):
                return
            if name == "table" and negative and _FACT.search(sentence.text):
                return
            if not _ABSTAIN.search(sentence.text[: match.start() + 8]):
                yield Draft(
                    f"format.{name}", sentence.offset + match.start(), sentence.offset + match.end(), {}, negative
                )

    return Pattern(f"format.{name}", cues(words), find, phrasing)


_BULLETS = wording("constraint_format", "bullets")
_NUMBERED = wording("constraint_format", "numbered")
_PROSE = wording("constraint_format", "prose")


def _numbered(sentence: Sentence) -> Iterator[Draft]:
    match = _NUMBERED.search(sentence.text)
    if match:
        negative = sentence.negated(match.start(), match.end())
        params = {"lo": None if negative else 1, "hi": 0 if negative else None}
        yield Draft("format.numbered", sentence.offset + match.start(), sentence.offset + match.end(), params, negative)


def _prose(sentence: Sentence) -> Iterator[Draft]:
    match = _PROSE.search(sentence.text)
    if match and not sentence.negated(match.start(), match.end()):
        yield Draft("format.prose", sentence.offset + match.start(), sentence.offset + match.end())


_LISTS = spaced(
    r"\b(?:no|avoid|without|never use|not use|\w+n['’]t use) (?:any |using |numbered |bulleted |bullet |or |ordered )*lists\b"
)
_LIST_ITEMS = spaced(
    rf"\b(?:list|give|provide|name|write|suggest) (?:me )?(?:exactly |only |at least )?(?P<n>{NUMBER}) "
)


def _bullets(sentence: Sentence) -> Iterator[Draft]:
    found = False
    for quantity in sentence.quantities:
        if quantity.unit == "bullets" and not re.search(
            r"\bexample\b", sentence.text[quantity.start : quantity.end], re.IGNORECASE
        ):
            found = True
            yield counted("format.bullets", sentence, quantity)
    if found:
        return
    match = _BULLETS.search(sentence.text) or _LISTS.search(sentence.text)
    if not match:
        return
    negative = sentence.negated(match.end() - 1, match.end())
    if re.search(r"\b(?:example|sample)\b", match[0], re.IGNORECASE):
        return
    listed = None if negative else _LIST_ITEMS.search(sentence.whole[max(0, sentence.offset - 160) : sentence.end])
    instead = _INSTEAD.search(sentence.text[: match.end()])
    if instead is not None:
        yield Draft("format.marker", sentence.offset + match.start(), sentence.offset + match.end())
        return
    params = (
        {"lo": number(listed["n"]), "hi": number(listed["n"])}
        if listed
        else {"lo": None if negative else 1, "hi": 0 if negative else None}
    )
    yield Draft("format.bullets", sentence.offset + match.start(), sentence.offset + match.end(), params, negative)


_INSTEAD = spaced(r"\b(?:instead of|rather than|in place of) (?:\w+ ){0,3}bullet\S*(?: \w+)?$")


_MARKDOWN_BULLET = lazy(r"\bmarkdown\b|^[ \t]*\*[ \t]+\S|[\"“'‘]\*[ \t]?[\"”'’]", re.IGNORECASE | re.MULTILINE)


def counted(kind: str, sentence: Sentence, quantity: Quantity) -> Draft:
    """Draft a constraint that is a counted thing of the answer."""
    lo, hi = quantity.bounds.lo, quantity.bounds.hi
    params: dict[str, object] = {"lo": lo, "hi": hi}
    if quantity.each:
        params["each"] = quantity.each
    if kind == "format.bullets" and _MARKDOWN_BULLET.search(sentence.text + sentence.tail(len(sentence.text), 200)):
        params["markdown"] = True
    return Draft(kind, sentence.offset + quantity.start, sentence.offset + quantity.end, params)


PATTERNS = (
    Pattern("format.json", cues("json xml html csv yaml yml latex"), _markup, "Return the result as JSON."),
    Pattern("format.plain", cues("plain markdown markup formatting rich md"), _plain, "Use plain text only."),
    _simple("table", _TABLE),
    _simple("headings", _HEADINGS),
    _simple("code", _CODE),
    Pattern(
        "format.bullets",
        cues("bullet bullets bulleted bulletpoint bulletpoints lists items item"),
        _bullets,
        "Use exactly three bullet points.",
    ),
    Pattern("format.numbered", cues("numbered ordered enumerated number enumerate"), _numbered, "Use a numbered list."),
    Pattern(
        "format.prose",
        cues("prose flowing continuous running full complete normal ordinary plain whole"),
        _prose,
        "Write in flowing prose.",
    ),
)
