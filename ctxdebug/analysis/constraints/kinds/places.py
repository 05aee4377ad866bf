"""Words at a place: the n-th word of the n-th sentence, a word in a sentence, the words at both ends."""

# ruff: noqa: E501 - an example and a list of words are read as one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed
from ctxdebug.analysis.constraints.kinds.kind import Found, Kind, ordinal
from ctxdebug.analysis.constraints.kinds.readings import by_sentences
from ctxdebug.analysis.constraints.masking import INSIDE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.analysis.constraints.constraint import Constraint

_TOPIC = "kinds_words"
_EDGES = ".,;:!?\"'“”‘’()*_…"


def _word(found: Found) -> str:
    return found.raw("word") if INSIDE in found.get("word") else found.raw("word").strip(_EDGES)


def _nth_read(found: Found) -> Mapping[str, Any]:
    return {"word": _word(found), "sentence": ordinal(found.get("sentence")), "nth": ordinal(found.get("nth"))}


def _nth(constraint: Constraint, answer: Answer) -> Compliance:
    place, nth, wanted = constraint.params["sentence"], constraint.params["nth"], str(constraint.params["word"])
    start, end = answer.whole

    def judge(found: list[str]) -> Compliance:
        if len(found) < place:
            return failed(
                f"{len(found)} sentences, and {wanted!r} is to be in sentence {place}", len(found), start=start, end=end
            )
        said = found[place - 1 if place > 0 else place].split()
        at = nth - 1 if nth > 0 else nth
        word = said[at].strip(_EDGES) if -len(said) <= at < len(said) else ""
        if word.lower() == wanted.lower():
            return passed(f"word {nth} of sentence {place} is {wanted!r}")
        return failed(f"word {nth} of sentence {place} is {word!r}, {wanted!r} asked for", word, start=start, end=end)

    return by_sentences(answer.text, judge)


def _at_read(found: Found) -> Mapping[str, Any]:
    places = [ordinal(found.get("nth"))] + ([-ordinal(found.get("last"))] if "last" in found else [])
    return {"word": _word(found), "places": places}


def _at(constraint: Constraint, answer: Answer) -> Compliance:
    said, wanted = answer.text.split(), str(constraint.params["word"])
    start, end = answer.whole
    for place in constraint.params["places"]:
        index = place - 1 if place > 0 else place
        word = said[index].strip(_EDGES) if -len(said) <= index < len(said) else ""
        if word.lower() != wanted.lower():
            where = f"word {place}" if place > 0 else f"word {-place} from the end"
            return failed(f"{where} of the answer is {word!r}, {wanted!r} asked for", word, start=start, end=end)
    return passed(f"{wanted!r} is where it was asked for")


def _in_read(found: Found) -> Mapping[str, Any]:
    return {"word": _word(found), "sentence": ordinal(found.get("sentence"))}


def _in(constraint: Constraint, answer: Answer) -> Compliance:
    place, wanted = constraint.params["sentence"], str(constraint.params["word"])
    start, end = answer.whole
    if wanted.lower() not in answer.text.lower():
        return failed(f"{wanted!r} is not in the answer", None, start=start, end=end)

    def judge(found: list[str]) -> Compliance:
        if len(found) < place:
            return failed(
                f"{len(found)} sentences, and {wanted!r} is to be in sentence {place}", len(found), start=start, end=end
            )
        sentence = found[place - 1 if place > 0 else place]
        if re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", sentence, re.IGNORECASE):
            return passed(f"{wanted!r} is in sentence {place}")
        return failed(f"sentence {place} does not have {wanted!r}", sentence[:60], start=start, end=end)

    return by_sentences(answer.text, judge)


KINDS = (
    Kind(
        "words.nth", _TOPIC, "keyword word term", _nth, "Include keyword tide in the 2nd sentence, as the 3rd word of that sentence.", _nth_read,
        kept=("Look out. The high tide comes.",), broken=("Look out. The tide comes.", "Look out."),
    ),
    Kind(
        "words.at", _TOPIC, "word", _at, "The second word in your response and the second to last word in your response should be the word despite.", _at_read,
        kept=("Come despite rain and despite wind.",), broken=("Come in spite of rain.",),
    ),
    Kind(
        "sentences.keyword", _TOPIC, "keyword word sentence term", _in, "The response must include keyword tide in the 2nd sentence.", _in_read,
        kept=("Look out. The tide comes.",), broken=("The tide comes. Look out.", "Look out."),
    ),
)  # fmt: skip
