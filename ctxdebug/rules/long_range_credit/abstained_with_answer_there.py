"""The model says that it does not know, and a document, or the user in an earlier message, seems to say it.

A rule that is too strict, a passage in the middle of a long context, or another wording than the question's: the answer was
there and was not used.

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: How long is the warranty of the Kestrel kettle?
    tool[search_manuals]: <document id="kettle">The warranty of the Kestrel kettle is three years from the day of purchase.</document>
    assistant: I do not know; the documents do not say how long the warranty is.

## Bad

    user: Remember this: my favourite colour is teal. Just say ok.
    assistant: ok
    user: What is my favourite colour?
    assistant: You did not tell me your favourite colour.

## Good

    user: Remember this: my favourite colour is teal. Just say ok.
    assistant: ok
    user: What is my favourite dish?
    assistant: You did not tell me your favourite dish.

## Good

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: How long is the warranty of the Kestrel kettle?
    tool[search_manuals]: <document id="kettle">The warranty of the Kestrel kettle is three years from the day of purchase.</document>
    assistant: The warranty is three years from the day of purchase [kettle].

## Fix

Soften the rule ("if the documents do not contain the answer" in place of "if you are not certain"), put the best passage first
or last, and let the model quote the passage before it answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import (
    Confidence,
    Demand,
    Evidence,
    Finding,
    Hit,
    Kind,
    Need,
    NotChecked,
    Role,
    Segment,
    Severity,
    quote,
)
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.text.abstention import declines
from ctxdebug.text.patterns import lazy
from ctxdebug.text.sentences import sentence_spans
from ctxdebug.text.stems import stem
from ctxdebug.text.words import content_words

_ASKING = frozenset("please tell long far old often".split())
"""Words that a question asks with, which the sentence that answers it need not repeat."""
_ASKS = lazy(
    r"\b(?:how (?:many|much|long|old|far|often|high|big|late|early)|when|what time|which year|at what|how)\b",
    re.IGNORECASE,
)
_VALUE = lazy(
    r"\d[\d.,:]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|hundred|monday|tuesday|wednesday|thursday|friday|saturday|sunday|noon|midnight)\b",
    re.IGNORECASE,
)
_OWN = lazy(r"\b(?:my|our|i|we)\b", re.IGNORECASE)
_STATED = lazy(r"\b(?:my|our)\b.{1,80}?(?:\b(?:is|are|was|were|will be)\b|:|=)", re.IGNORECASE)
_FEWEST = 3
_FEWEST_OWN = 2
"""Content words of a question about the user, all of which stand in a sentence of the user's with one more."""


@rule(
    "LRC505",
    "abstained-with-answer-there",
    question=Question.ABSTAINED_RIGHTLY,
    fallback=Fallback.RETRIEVE,
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    explains=55,
    needs=(Need.RESPONSE,),
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Look for a sentence with every word of the question and a value of the kind asked for, under an answer that declines."""
    from ctxdebug.analysis.sources.source_segments import is_document, is_look_up

    if analysis.unread_prompt:
        yield NotChecked(f"caused by MEM101: {analysis.unread_prompt}")
        return
    asked, declined = analysis.question, declines(analysis.answer)
    if asked is None or declined is None:
        return
    yield from _denied(analysis)
    wanted = _stems(asked.text)
    own = _OWN.search(asked.text)
    if own is not None and len(wanted) >= _FEWEST_OWN:
        yield from _told(analysis, asked, wanted)
    if not _ASKS.search(asked.text) or len(wanted) < _FEWEST:
        return
    for segment in analysis.segments:
        if not (is_document(segment) or (segment.kind is Kind.TOOL_RESULT and is_look_up(segment.tool))):
            continue
        found = _covering(segment, wanted, asked.text.lower())
        if found is not None:
            yield Hit(
                "the answer declines, and a document contains a sentence with all words of the question and a value",
                (quote(segment, *found, "the sentence"), _answer(analysis)),
            )
            return


def _answer(analysis: Analysis) -> Evidence:
    spoken = next(s for s in analysis.snapshot.answer_segments() if s.kind is Kind.TEXT and s.text.strip())
    return quote(spoken, 0, min(len(spoken.text), 200), "the answer")


def _told(analysis: Analysis, asked: Segment, wanted: frozenset[str]) -> Iterator[Hit]:
    """Yield what the user said of himself or herself in an earlier message: `my favourite colour is teal`."""
    for segment in analysis.segments:
        if segment is asked:
            return
        if segment.role is not Role.USER or segment.kind is not Kind.TEXT:
            continue
        for start, end in sentence_spans(segment.text):
            sentence = segment.text[start:end]
            if "?" not in sentence and _STATED.search(sentence) and wanted < _stems(sentence):
                yield Hit(
                    "the answer says that it does not know, and the user said it in an earlier message",
                    (quote(segment, start, end, "what the user said"), _answer(analysis)),
                )
                return


def _denied(analysis: Analysis) -> Iterator[Hit]:
    """Yield what the answer says it was not told, and a message of the user's tells."""
    from ctxdebug.analysis.sources.untold import untold

    said = [one for one in analysis.segments if one.role is Role.USER and one.kind is Kind.TEXT]
    spoken = next(s for s in analysis.snapshot.answer_segments() if s.kind is Kind.TEXT and s.text.strip())
    for one in untold(spoken.text, [segment.text for segment in said]):
        yield Hit(
            f"the answer says that it was not told: {spoken.text[one.start : one.end].strip()}; the user said it",
            (
                quote(said[one.text], *one.told, "what the user said"),
                quote(spoken, one.start, one.end, "the answer"),
            ),
        )
        return


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(text) if len(word) > 1 and word not in _ASKING)


def _covering(segment: Segment, wanted: frozenset[str], asked: str) -> tuple[int, int] | None:
    for start, end in sentence_spans(segment.text):
        sentence = segment.text[start:end]
        told = any(value[0].lower() not in asked for value in _VALUE.finditer(sentence))
        if told and wanted <= _stems(sentence) and "?" not in sentence:
            return start, end
    return None


@check.demands
def demands(_: Finding, __: Analysis | None) -> Iterator[Demand]:
    """Demand an answer."""
    yield Demand("abstains", False, "the sources do say it")
