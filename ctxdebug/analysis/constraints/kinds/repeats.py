"""What is to be repeated: the request with another first word, a span of its words."""

# ruff: noqa: E501 - an example and a list of words are read as one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed, unchecked
from ctxdebug.analysis.constraints.kinds.kind import Found, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.analysis.constraints.constraint import Constraint

_TOPIC = "kinds_layout"
_LONGEST = 20_000


def _request(found: Found) -> str:
    """Return the text around the sentence: what stands before it, or else what stands behind it."""
    sentence, at = found.sentence, found.match.start()
    before = sentence.whole[: sentence.offset + at].strip()
    return before or sentence.tail(found.match.end(), _LONGEST).strip()


def _changed_read(found: Found) -> Mapping[str, Any] | None:
    request = _request(found)
    return {"text": request} if len(request.split()) > 2 else None


def _changed(constraint: Constraint, answer: Answer) -> Compliance:
    wanted, said = str(constraint.params["text"]).split(), answer.stripped.strip('"“”').split()
    start, end = answer.whole
    if [w.lower() for w in said[1:]] == [w.lower() for w in wanted[1:]] and said[0].lower() != wanted[0].lower():
        return passed("the request with another first word")
    if said[:1] == wanted[:1] and len(said) > 2:
        return failed("the first word is that of the request", said[0], start=start, end=end)
    if [w.lower().strip(".,!?") for w in said[1:4]] != [w.lower().strip(".,!?") for w in wanted[1:4]]:
        return failed(
            "the answer does not begin with the request and another first word",
            " ".join(said[:6]),
            start=start,
            end=end,
        )
    return unchecked("how much of the request is to be repeated is not certain")


def _span_read(found: Found) -> Mapping[str, Any] | None:
    request, a, b = _request(found), int(found.get("a")), int(found.get("b"))
    return {"text": request, "a": a, "b": b} if request and a <= b < len(request.split()) else None


def _span(constraint: Constraint, answer: Answer) -> Compliance:
    wanted, a, b = str(constraint.params["text"]).split(), constraint.params["a"], constraint.params["b"]
    said = _flat(answer.stripped)
    if said == _flat(" ".join(wanted[a : b + 1])):
        return passed(f"the words {a} to {b} of the request, from 0")
    if a and said == _flat(" ".join(wanted[a - 1 : b])):
        return unchecked("whether the first word is number 0 or 1 is not said")
    start, end = answer.whole
    return failed(f"the answer is not the words {a} to {b} of the request", answer.stripped[:60], start=start, end=end)


def _flat(text: str) -> str:
    return " ".join(text.strip("\"“”'`*").split()).strip(" .,").casefold()


KINDS = (
    Kind(
        "repeat.changed", _TOPIC, "repeat", _changed,
        "Draw a map of the harbour. Repeat the request, but change the first word of the repeated request, (do not say anything before repeating the request).",
        _changed_read, kept=("Sketch a map of the harbour.",), broken=("Draw a map of the harbour.", "Here is a map."),
    ),
    Kind(
        "repeat.span", _TOPIC, "span", _span,
        "Draw a large map of the harbour. Copy the span of words that lies between (and including) index 1 and 3, the indices are word indices, split by whitespace!",
        _span_read, kept=("a large map",), broken=("The map",), open=("Draw a large",),
    ),
)  # fmt: skip
