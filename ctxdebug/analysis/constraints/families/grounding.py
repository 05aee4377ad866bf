"""What the answer may stand on: citations, the sources only, and what to say when they are silent."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.clauses import INSIDE, QUOTED, Sentence
from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.numbers import spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOURCES = r"(?:documents?|context|sources?|passages?|articles?|excerpts?|text|knowledge base|materials?|information|search results?|results|records?|data|snippets?|policy|handbook|page|content|facts|evidence|reference|transcript|report|file|files|contract|docs|documentation)"
_CITE = spaced(
    r"\b(?:cite|cites|citing|citations?|footnotes?|references? (?:to )?(?:the|your|each|every)|attribute|bibliography|in-text references?|reference list|(?:name|list|give|state|quote|mention|show|include|provide|link(?: to)?) (?:the |your |all |any |its |each )*(?:sources?|references|document ids?|source ids?|chunk ids?)|(?:id|ids|number|numbers|title|titles|name|names) of (?:the|each|every|its|your|any|all) (?:\w+ )?(?:documents?|sources?|articles?|passages?|files?|records?|chunks?|pages?)|(?:document|source|article|passage|chunk)['’]?s? (?:ids?|numbers?) in (?:square )?brackets|name (?:the|each) (?:file|document|source|article|passage|line)s?)\b"
)
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


_ONLY = spaced(
    rf"\b(?:only(?! (?:one|an?|two|three|\d+|if|when|after|once|for|then)\b)|solely|exclusively|strictly|just|purely|entirely|nothing (?:but|else|other than)|limit(?:ed)? (?:yourself|your answers?|your responses?|answers?|responses?)|stick|restrict(?:ed)?|based|rely|relying|ground(?:ed)?|confine)\b(?:[^.;!?\n]){{0,70}}?\b(?:the |this |these |those |your |given |provided |supplied |above |following |attached |retrieved |below )*(?:<\w+>|{_SOURCES})\b"
)
_ONLY_NEEDS = spaced(
    r"\b(?:only|solely|exclusively|strictly|just|purely|entirely|nothing|limit|stick|restrict|confine|limited)\b"
)
_ANSWERING = spaced(
    r"\b(?:answer|answers|respond|reply|use|using|rely|base|based|ground|grounded|write|draw|stick|limit|from|information|facts|with|to|state|restrict|confine)\b"
)
_OUTSIDE = spaced(
    r"\b(?:not|never|\w+n['’]t|without|no|avoid) (?:\w+ ){0,5}?(?:outside|external|prior|own|background|general|pre-?existing|pretrained|training|world|additional|parametric|other) (?:\w+ )?(?:knowledge|information|sources?|facts|data|training|assumptions)|\b(?:not|never|no|\w+n['’]t) (?:\w+ ){0,3}?(?:knowledge|information|facts?|sources?|material) (?:other than|besides|except|beyond|outside)|\b(?:not|never|\w+n['’]t) (?:\w+ ){0,4}?(?:go beyond|anything (?:that is |that['’]s )?(?:not|outside|beyond)|information (?:that is |that['’]s )?not (?:in|present|contained|found|provided|included)|facts? not in|make (?:things |anything |stuff |facts |up )|fabricate|invent|hallucinate|speculate)"
)


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


_ABSTAIN = spaced(
    rf"\b(?:say|state|answer|respond|reply|admit|tell|write|output|return|acknowledge|indicate|simply|let|mention|inform|report|use)\b[^.;!?\n]{{0,60}}?(?P<phrase>{QUOTED}|you (?:do not|don['’]t|cannot|can['’]t|are not|aren['’]t) (?:know|sure|find|certain|have|answer|able)|i (?:do not|don['’]t) know|(?:it|that|this|the (?:answer|information)) (?:is |was )?(?:not|cannot|can['’]t|could not|couldn['’]t|isn['’]t|wasn['’]t|unavailable|missing)|(?:the (?:user|customer) )know|unknown|not (?:found|available|provided|stated|mentioned|in the)|so\b|n/a|insufficient)"
)
_MISSING = spaced(
    r"(?:\b(?:if|when|whenever|where|unless|in case)\b|^\W*should\b)[^.;!?\n]{0,90}?\b(?:(?:not|\w+n['’]t|cannot|can['’]t|no|never|isn['’]t|aren['’]t|doesn['’]t|don['’]t|missing|absent|insufficient|unclear|unsure|uncertain|lack(?:s|ing)?|fail(?:s|ed)? to|without|unavailable|unknown|outside|do not know|ambiguous|beyond|empty|nothing)\b)"
)


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


_IDK = spaced(
    r"\b(?:say|admit|answer|respond|reply)(?: with)? (?:that )?you (?:do not|don['’]t) know\b|\bsay (?:so|i don['’]t know)\b(?= (?:if|when|rather|instead))|\b(?:if|when|whenever) (?:you['’]re |you are |in )?(?:unsure|uncertain|not sure|doubt|in doubt)\b|\b(?:if|when) you (?:do not|don['’]t) know\b|\b(?:it is|it['’]s) (?:ok|okay|fine|better) to (?:say|admit)[^.;!?\n]{0,30}\b(?:know|unsure|sure)\b|\b(?:decline|refuse) to answer (?:if|when|questions (?:outside|not))"
)

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
