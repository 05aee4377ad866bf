"""What a directive asks for, in a form that can be looked for in a later call: verbs, objects, and literal values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from ctxdebug.analysis.directives.directive import Action
from ctxdebug.text.patterns import lazy
from ctxdebug.text.stems import stem
from ctxdebug.text.wordings import wording

_EMAIL = lazy(r"[\w.+-]{1,64}@[\w-]{1,60}\.[\w.-]{1,60}\w")
_URL = lazy(r"(?:https?://|\bwww\.)[^\s'\"<>)\]]{3,300}")
_PATH = lazy(r"(?<![\w/.:@])(?:~|\.{1,2})?/(?:[\w.+-]{1,80}/){0,12}[\w.+-]{2,80}")
_SLUG = lazy(r"(?<![\w/.@-])[A-Za-z][\w.-]{1,60}/[A-Za-z][\w.-]{1,60}(?![\w/])")
_QUOTED = lazy(r"(?<![A-Za-z0-9])['\"“‘`]([^'\"”’`\n]{2,120})['\"”’`](?![A-Za-z0-9])")
_CODE = lazy(
    r"\b(?=[\w#-]{4,80}\b)(?=[\w#-]*\d)(?:[A-Z]{1,6}[-_]?\d[\w-]{1,70}|[a-z]+[-_]\d[\w-]{1,60}|\d{6,30}"
    r"|[A-Za-z0-9+/]{20,})\b"
)
_FILE = lazy(
    r"(?<![\w/.@-])[\w-]{1,60}\.(?:pdf|txt|md|csv|tsv|json|ya?ml|toml|ini|cfg|conf|env|docx?|xlsx?|pptx?|zip|gz|tar|png|jpe?g|svg|py|js|ts"
    r"|go|rs|rb|sh|sql|html?|xml|log|key|pem|kdbx|db|sqlite|eml|ics)\b"
)
_VERSION = lazy(r"(?<![\w.])v\d[\w.-]{2,40}\w")
_KEY = lazy(r"\bssh-\w{2,10} [A-Za-z0-9+/=]{16,600}")
_HASH = lazy(r"(?<!\w)#[\w-]{2,60}")
_HOST = lazy(
    r"(?<![\w@/.-])(?:[\w-]{2,40}\.){1,4}(?:com|org|net|io|dev|example|info|biz|co|ru|cn|xyz|test|shop"
    r"|site|online)\b(?:/[^\s'\"<>)]{0,200})?"
)
_SAY = wording("injection_action", "say")
_TAG = lazy(r"</?[A-Za-z!][^<>]{0,600}>")
_ESCAPED = lazy(r"\\+[nrt]")
_WORD = lazy(r"[A-Za-z][A-Za-z'-]{2,40}")
_STOP = frozenset(
    """
    the and for you your that this with from have has can could would should must please kindly now then after
    before once into onto any all some one each every its their them they also user task original first following
    instruction instructions message important information directly just want need make sure not don does only
    what which who will let get give gave beginning solve thanks signed model developed assistant language do did
    done me my mine our are was were been being how when where why there here out over under than too very go
    immediately automatically suddenly exact item well using use used via through about more most other another
    such same own so if or but as at by in on of to up it is be an am we he she his her
    """.split()
)


def content_words(text: str) -> list[str]:
    """Return the stems of a text's words that say something, in order."""
    return [stem(word) for word in _WORD.findall(text.lower()) if word not in _STOP]


def literals(text: str) -> tuple[str, ...]:
    """Values in a text that would be copied and not made up: addresses, links, paths, codes, keys, quoted strings."""
    found: list[str] = []
    for pattern in (_KEY, _EMAIL, _URL, _HOST, _PATH, _SLUG, _CODE, _HASH, _FILE, _VERSION):
        found.extend(match[0].rstrip(".,;:!?") for match in pattern.finditer(text))
    found.extend(match[1].strip() for match in _QUOTED.finditer(text))
    kept: list[str] = []
    for value in dict.fromkeys(found):
        if len(value) > 3 and not any(value != other and value in other for other in kept):
            kept.append(value)
    return tuple(kept)


def plain(text: str) -> str:
    """Return a text without markup tags, its escaped line ends as line ends."""
    return _ESCAPED.sub("\n", _TAG.sub(" ", text))


def action(text: str, tools: Iterable[str] = ()) -> Action:
    """Return what a directive's words ask for; `tools` are the names of the tools that exist here."""
    text = plain(text)
    values = literals(text)
    lowered = text.lower()
    named = tuple(
        name
        for name in dict.fromkeys(tools)
        if len(name) > 3 and re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", lowered)
    )
    said = _SAY.search(text)
    prose = text
    for value in values:
        prose = prose.replace(value, " . ")
    row = content_words(prose)
    words = list(dict.fromkeys(row))
    verbs = tuple(word for word in words if groups(word))
    return Action(
        tools=named,
        recipients=tuple(
            value for value in values if _EMAIL.fullmatch(value) or re.fullmatch(r"[A-Z]{2}\d{8,30}", value)
        ),
        urls=tuple(value for value in values if _URL.fullmatch(value) or _HOST.fullmatch(value)),
        literals=values,
        verbs=verbs,
        objects=tuple(word for word in words if word not in verbs),
        phrases=tuple(f"{a} {b}" for a, b in pairwise(row) if a not in verbs[:1]),
        text=said[1].strip(" '\"“”") if said else None,
    )


_SAME = (
    "delete remove erase wipe destroy drop purge unlink trash clear",
    "send sent email mail forward transmit share post message dispatch reply notify",
    "buy purchase order checkout cart acquire",
    "pay transfer wire deposit payment remit money refund send",
    "visit browse open click navigate follow link webpage website",
    "download fetch pull save",
    "change update modify set edit reset replace alter rename",
    "invite add share grant",
    "create make propose add new schedule write issue open book reserve",
    "star like upvote follow",
    "read view get show retrieve check access list search find look query",
    "run execute exec install launch start invoke shell command",
    "unlock open grant allow permit",
    "transfer move",
)
"""Verbs that people and tools use for one another."""
READING = 10
"""The number of the verbs that only look."""
LOOKING = frozenset({READING, 4})
"""Looking and visiting: nothing is changed by it."""


@cache
def _verb_groups() -> dict[str, frozenset[int]]:
    table: dict[str, frozenset[int]] = {}
    for number, words in enumerate(_SAME):
        for word in words.split():
            table[stem(word)] = table.get(stem(word), frozenset()) | {number}
    return table


def groups(word: str) -> frozenset[int]:
    """Return the groups of verbs, by number, in which a stem stands."""
    return _verb_groups().get(word, frozenset())
