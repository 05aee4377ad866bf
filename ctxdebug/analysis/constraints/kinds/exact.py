"""One text and nothing else as the answer: `reply with exactly: pong`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed, unchecked
from ctxdebug.analysis.constraints.families.keywords import TEMPLATE
from ctxdebug.analysis.constraints.kinds.kind import Found, Kind
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.analysis.constraints.clauses import Sentence
    from ctxdebug.analysis.constraints.constraint import Constraint

_EDGES = " \t\r\n\"'“”‘’«»*_`"
_ENDS = _EDGES + ".!?。！？"
_FENCED = lazy(r"```\w*[ \t]*\n(.*?)\n?[ \t]*```", re.DOTALL)
_DESCRIBES = lazy(
    r"\b(?:the|an?|your|my|his|her|their|its|this|that|these|one|two|three|four|five|\d+|each|every|all|or|of|but|only|if|when|whenever|unless|except|before|after|until|while|then|in|to)\b",
    re.IGNORECASE,
)
"""Words by which a text says what to answer (`exactly: the name of the city`) or when, and is not itself the answer."""
_GOES_ON = frozenset("that which for of in you from to with who whose".split())
_WORDS_ONLY = 12


def _wanted(found: Found) -> Mapping[str, Any] | None:
    sentence = found.sentence
    name = next((name for name in ("text", "word", "bare", "block") if name in found), None)
    if name is None:
        text = sentence.raw[found.match.start() :].strip()
    elif name == "block":
        text = _block(sentence)
    else:
        text = found.raw(name)
    if not text or TEMPLATE.search(text):
        return None
    if name == "bare" and (_DESCRIBES.search(text) or len(text.split()) > _WORDS_ONLY):
        return None
    return None if name == "word" and text.lower() in _GOES_ON else {"text": text}


def _block(sentence: Sentence) -> str:
    """Return the text that stands under the sentence, where all that follows is that text."""
    rest = sentence.tail(len(sentence.raw), 4000).strip()
    fenced = _FENCED.fullmatch(rest)
    if fenced is not None:
        return str(fenced[1])
    return "" if re.search(r"\n[ \t]*\n", rest) else rest.strip(_EDGES)


def _check(constraint: Constraint, answer: Answer) -> Compliance:
    wanted = str(constraint.params["text"])
    said = answer.stripped
    if said == wanted:
        return passed("the answer is the text that was asked for")
    if _loose(said) == _loose(wanted):
        return unchecked("it is the text save for case, quotation marks, a fence or a final mark")
    start, end = answer.whole
    if wanted.strip(_ENDS).casefold() in said.casefold():
        return failed(f"more than {_short(wanted)!r} is in the answer", said[:60], start=start, end=end)
    return failed(f"the answer is not {_short(wanted)!r}", said[:60], start=start, end=end)


def _loose(text: str) -> str:
    fenced = _FENCED.fullmatch(text.strip())
    return " ".join((fenced[1] if fenced else text).split()).strip(_ENDS).casefold()


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


KINDS = (
    Kind(
        type="format.exact",
        topic="kinds_exact",
        cue="reply respond answer say write return output print send type be",
        check=_check,
        asks="Reply with exactly: pong",
        read=_wanted,
        kept=("pong", "pong\n"),
        broken=("Pong! How can I help?", "Hello.", "ping pong"),
        open=("Pong.", "`pong`"),
    ),
)
