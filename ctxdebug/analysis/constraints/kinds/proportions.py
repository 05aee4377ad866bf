"""Proportions: the share of stop words, the overlap with a text that was given."""

# ruff: noqa: E501 - an example and a list of words are read as one line

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.checks.size import between
from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, unchecked
from ctxdebug.analysis.constraints.kinds.kind import Found, Kind, limits
from ctxdebug.analysis.constraints.kinds.readings import words

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from ctxdebug.analysis.constraints.constraint import Constraint

_TOPIC = "kinds_sentences"
_STOP = frozenset(
    """
    i me my we our you your he him his she her it its they them their what which who this that these those am is are was were be been being have has had
    do does did a an the and but if or because as until while of at by for with about against between into through during before after above below to from up
    down in out on off over under again then once here there when where why how all any both each few more most other some such no nor not only own same so
    than too very can will just should now
    """.split()
)
"""Words that every list of stop words has."""
_MORE_STOP = _STOP | frozenset(
    """
    us would could may might must shall also yet still even ever never always often many much another every either neither whether within without upon among across along
    around toward towards since though although however therefore thus hence one two first else like get got make made go well back way around per via
    """.split()
)


def _stop_words(constraint: Constraint, answer: Answer) -> Compliance:
    said = [w.lower() for w in words(answer.text)]
    start, end = answer.whole
    if not said:
        return unchecked("there are no words")
    shares = [100 * sum(w in listed for w in said) // len(said) for listed in (_STOP, _MORE_STOP)]
    return between(
        constraint, (shares[0], shares[1]), "percent stop words", "words that not every list has", start=start, end=end
    )


def _overlap_read(found: Found) -> Mapping[str, Any]:
    return {
        "n": int(found.get("n")),
        "band": int(found.get("band") or 0),
        "size": 3 if found.get("gram").lower() == "trigram" else 2,
    }


def _grams(units: Sequence[Hashable], size: int) -> set[tuple[Hashable, ...]]:
    return set(pairwise(units)) if size == 2 else {tuple(units[n : n + 3]) for n in range(len(units) - 2)}


def _overlap(constraint: Constraint, answer: Answer) -> Compliance:
    """Measure the overlap in every way that is usual; where no way gives what was asked for, it is missed."""
    low, high = constraint.params["n"] - constraint.params["band"], constraint.params["n"] + constraint.params["band"]
    given, said = answer.question.lower(), answer.text.lower()
    measured: list[float] = []
    for one, other in ((words(said), words(given)), (list(said), list(given))):
        a, b = _grams(one, constraint.params["size"]), _grams(other, constraint.params["size"])
        shared = len(a & b)
        measured += [100 * shared / whole for whole in (len(a), len(b), len(a | b)) if whole]
    start, end = answer.whole
    if not measured or any(low - 3 <= share <= high + 3 for share in measured) or min(measured) <= low <= max(measured):
        return unchecked("how the overlap is measured is not said")
    return failed(
        f"an overlap of {min(measured):.0f} to {max(measured):.0f} %, however it is measured, {low} to {high} % asked for",
        None,
        start=start,
        end=end,
    )


KINDS = (
    Kind(
        "ratio.stop_words", _TOPIC, "stop stopwords", _stop_words, "Ensure that stop words constitute no more than 27% of the total words in your response.", limits,
        kept=("Boats drift past piers.",), broken=("The tide is on and the boat is in.",), open=("Boats would drift, tides could turn.",),
    ),
    Kind(
        "ratio.overlap", _TOPIC, "overlap", _overlap, "Maintain a trigram overlap of 90% (±2%) with the provided reference text.", _overlap_read,
        broken=("Boats drift.",), open=("Maintain a trigram overlap of 90%",),
    ),
)  # fmt: skip
