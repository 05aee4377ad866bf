"""What the answer may stand on: citations, the sources only, and what to say when they are silent."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.clauses import Sentence
from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.masking import INSIDE, QUOTED
from ctxdebug.analysis.constraints.numbers import spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

_CITE = wording("constraint_grounding", "cite")
_FORMATS = (
    ("url", spaced(r"\b(?:urls?|links?|hyperlinks?)\b")),
    (
        "bracket-number",
        spaced(
            r"\[(?:\d+|n|source number|number|doc(?:ument)? number|i|x)\]|bracketed numbers?|numbers? in (?:square )?brackets|numbered (?:citations|references)"
        ),
    ),
    ("bracket-id", spaced(r"\[[\w: ._-]{2,40}\]|\b(?:document|source|doc|chunk|passage) ids?\b|\(\w+\)|【")),
    ("footnote", spaced(r"\bfootnotes?\b")),
    ("apa", spaced(r"\b(?:apa|mla|chicago|harvard|ieee) (?:style|format)?")),
)


def _cites(sentence: Sentence) -> Iterator[Draft]:
    match = _CITE.search(sentence.text)
    if not match or "summons" in sentence.words:
        return
    around = sentence.raw + " " + sentence.tail(len(sentence.raw), 80)
    style = next(
        (name for name, pattern in _FORMATS if pattern.search(around if name != "url" else sentence.raw)), None
    )
    negative = sentence.negated(match.start(), match.end())
    yield Draft(
        "grounding.cite",
        sentence.offset + match.start(),
        sentence.offset + match.end(),
        {} if negative else {"format": style},
        negative,
    )


_ONLY = wording("constraint_grounding", "only")
_ONLY_NEEDS = spaced(
    r"\b(?:only|solely|exclusively|strictly|just|purely|entirely|nothing|limit|stick|restrict|confine|limited)\b"
)
_ANSWERING = wording("constraint_grounding", "answering")
_OUTSIDE = wording("constraint_grounding", "outside")


def _only_context(sentence: Sentence) -> Iterator[Draft]:
    match = _OUTSIDE.search(sentence.text)
    if match is None:
        match = _ONLY.search(sentence.text)
        if (
            match is None
            or not _ONLY_NEEDS.search(match[0])
            or not _ANSWERING.search(sentence.text)
            or sentence.negated(match.start())
        ):
            return
    invent = spaced(r"make|fabricate|invent|hallucinate|speculate").search(match[0]) is not None
    yield Draft(
        "grounding.only_context",
        sentence.offset + match.start(),
        sentence.offset + match.end(),
        {"manner": "do not invent" if invent else "sources only"},
    )


_ABSTAIN = wording("constraint_grounding", "abstain", quoted=QUOTED)
_MISSING = wording("constraint_grounding", "missing")


def _abstains(sentence: Sentence) -> Iterator[Draft]:
    match = _ABSTAIN.search(sentence.text)
    missing = _MISSING.search(sentence.text)
    direct = _IDK.search(sentence.text)
    if match and missing:
        span = match.span("phrase")
        phrase = sentence.quoted(*span) if INSIDE in match["phrase"] else None
        yield Draft(
            "grounding.abstain",
            sentence.offset + min(match.start(), missing.start()),
            sentence.offset + max(match.end(), missing.end()),
            {"phrase": phrase},
        )
    elif direct:
        yield Draft(
            "grounding.abstain",
            sentence.offset + direct.start(),
            sentence.offset + direct.end(),
            {"phrase": None},
            sentence.negated(direct.start()),
        )


_IDK = wording("constraint_grounding", "idk")

PATTERNS = (
    Pattern(
        "grounding.cite",
        cues(
            "cite cites citing citation citations footnote footnotes source sources references attribute reference bibliography ids id"
        ),
        _cites,
        "Cite your sources by document id.",
    ),
    Pattern(
        "grounding.only_context",
        cues(
            "only solely exclusively strictly outside external prior knowledge invent fabricate hallucinate speculate beyond limit stick make entirely purely nothing just restrict own"
        ),
        _only_context,
        "Answer only from the documents provided.",
    ),
    Pattern(
        "grounding.abstain",
        cues(
            "know say state admit unsure uncertain sure decline refuse answer respond reply tell let acknowledge doubt inform write output return"
        ),
        _abstains,
        "If the answer is not in the documents, say you do not know.",
    ),
)
