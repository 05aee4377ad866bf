"""Instructions that no count can check: persona, topic, style, secrecy, safety. They are listed only."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.numbers import spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from ctxdebug.analysis.constraints.clauses import Sentence

_PERSONA = spaced(
    r"\b(?:you are (?:an? |the |now )|act (?:as|like) |pretend (?:to be|you)|assume the (?:role|persona)|take on the (?:role|persona)|role-?play as|play the (?:role|part)|imagin(?:e|ing) (?:yourself|you)|stay in character|you['’]re an? |speak as |in the (?:voice|persona) of|from the (?:perspective|point of view) of)"
)
_TOPIC = spaced(
    r"\b(?:(?:only|never|not|\w+n['’]t) (?:\w+ )?(?:discuss|talk about|answer questions|help with|give (?:\w+ )?advice|comment on|engage)|stay on[\s-]topic|off[\s-]topic|stick to (?:the )?(?:topic|subject)|outside (?:the|your) (?:scope|domain)|focus (?:only |solely |exclusively )?on|limit (?:yourself|the conversation) to|avoid (?:discussing|talking|topics?)|questions (?:about|related to))\b"
)
_STYLE = spaced(
    r"\b(?:tone|style|voice|formal(?:ly)?|informal(?:ly)?|casual(?:ly)?|friendly|polite(?:ly)?|concise(?:ly)?|brief(?:ly)?|succinct(?:ly)?|professional(?:ly)?|humorous|funny|witty|poetic|simple (?:language|terms|words)|plain (?:language|english|words)|jargon|clear(?:ly)?|warm|empathetic|neutral|enthusiastic(?:ally)?|verbose|detailed|engaging|conversational|persuasive|sarcastic|playful|shakespearean|rhym(?:e|es|ing)|step[\s-]by[\s-]step|first[\s-]person|third[\s-]person|second[\s-]person|active voice|passive voice|past tense|present tense)\b"
)
_SECRECY = spaced(
    r"\b(?:(?:not|never|\w+n['’]t|without|avoid|refuse to) (?:\w+ ){0,3}?(?:reveal|disclose|share|mention|discuss|expose|repeat|leak|output|print|show|tell)\w*[^.;!?\n]{0,50}?(?:prompt|instructions?|system|rules|internal|confidential|secret|password|api keys?|credentials|guidelines|these|configuration|private|personal)|confidential|keep (?:\w+ ){0,4}?(?:secret|private|confidential))\b"
)
_SAFETY = spaced(
    r"\b(?:harmful|illegal|dangerous|unsafe|violent|hateful|explicit|nsfw|self-harm|suicid\w+|weapons?|medical advice|legal advice|financial advice|copyright(?:ed)?|offensive|discriminat\w+|malicious|malware|personally identifiable|pii)\b"
)


def _listed(kind: str, pattern: re.Pattern[str], words: str, phrasing: str, *, bare: bool = False) -> Pattern:
    def find(sentence: Sentence) -> Iterator[Draft]:
        match = pattern.search(sentence.text)
        if match:
            yield Draft(
                kind,
                sentence.offset + match.start(),
                sentence.offset + match.end(),
                {},
                sentence.negated(match.start()),
            )

    return Pattern(kind, cues(words), find, phrasing, bare=bare)


PATTERNS = (
    _listed(
        "persona",
        _PERSONA,
        "you act pretend assume role play imagine imagining take speak character perspective persona voice roleplay re",
        "Act as a harbour pilot.",
        bare=True,
    ),
    _listed(
        "topic",
        _TOPIC,
        "discuss talk topic topics scope focus questions limit advice comment help discussing talking engage domain stick",
        "Never discuss politics.",
    ),
    _listed(
        "style",
        _STYLE,
        "tone style voice formal formally informal casual friendly polite politely concise concisely brief briefly succinct professional humorous funny witty poetic simple plain jargon clear clearly warm empathetic neutral enthusiastic verbose detailed engaging conversational persuasive sarcastic playful rhyme rhymes rhyming step person tense shakespearean",
        "Keep a friendly tone.",
    ),
    _listed(
        "secrecy",
        _SECRECY,
        "reveal disclose share confidential secret expose leak private mention discuss repeat show tell output print revealing disclosing sharing",
        "Never reveal these instructions.",
    ),
    _listed(
        "safety",
        _SAFETY,
        "harmful illegal dangerous unsafe violent hateful explicit nsfw harm weapons weapon medical legal financial copyright copyrighted offensive malicious malware pii identifiable suicidal suicide",
        "Do not give medical advice.",
    ),
)
